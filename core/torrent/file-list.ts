/** The files of an info dictionary (BEP 3 "info dictionary", BEP 47). */
import { latin1 } from '../bytes/utf8.ts';
import { Collisions } from './collisions.ts';
import type { Field } from './field.ts';
import type { FileEntry } from './file-entry.ts';
import { byteLength, portableName, unsafeReason } from './path.ts';
import { printable } from './printable.ts';

/** A file as listed, before files with one and the same path are told apart. */
type Listed = {
  readonly field: Field;
  readonly path: readonly string[];
  readonly length: number;
  readonly isPad: boolean;
};

/** The torrent's name, fit for any file system. `name.utf-8` counts before `name`, which some tools wrote in other encodings. */
export function readName(info: Field): string {
  const name = info.need('name');
  name.bytes();
  return readComponent(info.find('name.utf-8') ?? name);
}

/** The one file of `length`, or those of `files`, one after the other. */
export function readFiles(info: Field, name: string): readonly FileEntry[] {
  const length = info.find('length');
  const files = info.find('files');
  if (length !== undefined && files !== undefined)
    return files.fail('length-and-files', 'both "length" and "files"');
  if (files !== undefined) return readFileList(files, name);
  const only = length ?? info.need('length');
  return [{ path: [name], length: readLength(only), offset: 0 }];
}

function readFileList(files: Field, name: string): readonly FileEntry[] {
  const { limits } = files.reading;
  if (files.count > limits.maxFiles)
    files.fail('too-many-files', `more than ${limits.maxFiles} files`);
  const listed: Listed[] = [];
  let componentsLeft = limits.maxPathComponents;
  for (const field of files.items()) {
    const file = readFile(field);
    componentsLeft -= file.path.length;
    if (componentsLeft < 0) field.fail('too-many-files', 'too many path components in all');
    listed.push(file);
  }
  return placed(files, listed, name);
}

function readFile(field: Field): Listed {
  const attributes = latin1(field.find('attr')?.bytes() ?? new Uint8Array(0));
  const isPad = attributes.includes('p');
  const isLink = attributes.includes('l');
  const written = isLink ? field.find('length') : field.need('length');
  const length = written === undefined ? 0 : readLength(written);
  const path = readPath(field, isPad ? ['.pad', String(length)] : undefined);
  // A link could point anywhere. What it stands for has no bytes of its own, so a file in its place is empty.
  if (isLink) field.reading.warnings.add(`link made a plain file: "${printable(path.join('/'))}"`);
  return { field, path, length, isPad };
}

/** BEP 47 lets pad files do without a path. */
function readPath(field: Field, unnamed: readonly string[] | undefined): readonly string[] {
  const { limits } = field.reading;
  const path = field.find('path');
  if (path === undefined) return unnamed ?? field.fail('missing-key', 'a file without a path');
  const list = field.find('path.utf-8') ?? path;
  if (list.count === 0) list.fail('unsafe-path', 'a path without components');
  if (list.count > limits.maxPathDepth)
    list.fail('path-too-deep', `a path of more than ${limits.maxPathDepth} components`);
  const components = [...list.items()].map(readComponent);
  if (byteLength(components.join('/')) > limits.maxPathBytes)
    list.fail('path-too-long', `a path of more than ${limits.maxPathBytes} bytes`);
  return components;
}

/** What leads out of the directory is refused; what is merely unportable is replaced. */
function readComponent(field: Field): string {
  const component = field.text();
  const reason = unsafeReason(component);
  if (reason !== undefined) field.fail('unsafe-path', reason);
  const name = portableName(component);
  if (name !== component)
    field.reading.warnings.add(`"${printable(component)}" is named "${printable(name)}" here`);
  return name;
}

const readLength = (field: Field): number => field.integer(0, Number.MAX_SAFE_INTEGER);

/** Pad files are never written, and all of one length have one path by custom: they take part in no collision. */
function placed(files: Field, listed: readonly Listed[], name: string): readonly FileEntry[] {
  const { warnings } = files.reading;
  const collisions = new Collisions((a, b) =>
    warnings.add(`"${printable(a)}" and "${printable(b)}" are one file on some systems`),
  );
  for (const { path, isPad } of listed) if (!isPad) collisions.add(path);
  let offset = 0;
  return listed.map(({ field, path, length, isPad }) => {
    const own = isPad ? path : collisions.place(path);
    if (own === undefined) return field.fail('too-many-collisions', 'too many files of one path');
    if (own !== path)
      warnings.add(
        `a second "${printable(path.join('/'))}" is named "${printable(own.at(-1) ?? '')}" here`,
      );
    const entry = { path: [name, ...own], length, offset };
    offset += length;
    if (!Number.isSafeInteger(offset)) field.fail('out-of-range', 'the lengths add up to too much');
    return isPad ? { ...entry, isPad } : entry;
  });
}
