/** What the menu says (the numbers and their order are older than this program: people know them). */
export const menuText = `
[1] Get the list of torrents
[2] Download a torrent by its id
[3] Upload a new file
[4] Help
[5] Exit`;

export const helpText = `
[1] shows every torrent somebody seeds: its id, name, size, number of pieces, seeders and leechers.
[2] asks for the id of a torrent in that list (or a magnet link, or the path of a .torrent file),
    downloads it from all its peers at once, checks every piece, and goes on to seed it.
[3] asks for the path of a file or a directory, tells the tracker about it, and seeds it.
[5] stops seeding, tells the tracker, and ends.
Ctrl+C stops what is being done: a download, or all seeding (the tracker is told at once).
Ctrl+C again, with nothing left to stop, ends the program.`;
