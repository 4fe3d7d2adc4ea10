/**
 * What the processes of one tracker have to say to each other, in letters: questions with their answers, and messages that
 * nobody answers. All that one turn of the event loop has for a neighbour travels together, since a message between processes
 * costs as much as an announce. A place that has no link to another sends by one that has.
 */

/** The number of a worker, from 0; the one who started them all is at -1. */
export type Place = number;

export const headquarters: Place = -1;

export type Letter = {
  readonly to: Place;
  readonly from: Place;
  /** 0: nobody waits for an answer. */
  readonly id: number;
  readonly kind: 'question' | 'answer' | 'failure';
  readonly body: unknown;
};

export type Link = { readonly send: (letters: readonly Letter[]) => void };

export type PostOptions<Question> = {
  readonly place: Place;
  /** By which link a place is reached; undefined: it is gone. */
  readonly linkTo: (place: Place) => Link | undefined;
  /** What it throws, or a promise rejects with, is told to who asked. */
  readonly answer: (question: Question) => unknown;
};

/** What went wrong elsewhere; `code` is the system's, if it was one of its errors. */
export class PostError extends Error {
  override readonly name = 'PostError';
  readonly code: string | undefined;

  constructor({ code, message }: Failure) {
    super(message);
    this.code = code;
  }
}

type Failure = { readonly message: string; readonly code: string | undefined };
type Waiting = {
  readonly to: Place;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: PostError) => void;
};

const gone: Failure = { message: 'this worker of the tracker is gone', code: undefined };

export class Post<Question> {
  readonly #options: PostOptions<Question>;
  readonly #out = new Map<Place, Letter[]>();
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #flushing = false;

  constructor(options: PostOptions<Question>) {
    this.#options = options;
  }

  /** Says it and does not wait. */
  tell(to: Place, question: unknown): void {
    this.#send({ to, from: this.#options.place, id: 0, kind: 'question', body: question });
  }

  /** Rejects with PostError when there is no answer. Whoever asks knows what the answer to his question is. */
  ask<Answer>(to: Place, question: unknown): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const take = (answer: unknown): void => resolve(answer as Answer);
      this.#waiting.set(id, { to, resolve: take, reject });
      this.#send({ to, from: this.#options.place, id, kind: 'question', body: question });
    });
  }

  /** What came over a link. */
  take(letters: readonly Letter[]): void {
    for (const letter of letters) {
      if (letter.to !== this.#options.place) this.#send(letter);
      else if (letter.kind === 'question') this.#asked(letter);
      else this.#answered(letter);
    }
  }

  /** Somebody is gone: his answers will not come. */
  lose(place: Place): void {
    for (const [id, { reject, to }] of this.#waiting) {
      if (to !== place) continue;
      this.#waiting.delete(id);
      reject(new PostError(gone));
    }
  }

  #send(letter: Letter): void {
    const waiting = this.#out.get(letter.to);
    if (waiting === undefined) this.#out.set(letter.to, [letter]);
    else waiting.push(letter);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    const all = [...this.#out];
    this.#out.clear();
    const bags = new Map<Link, Letter[]>();
    for (const [place, letters] of all) {
      const link = this.#options.linkTo(place);
      if (link === undefined) this.#sendBack(letters);
      else bags.set(link, [...(bags.get(link) ?? []), ...letters]);
    }
    for (const [link, letters] of bags) link.send(letters);
  }

  /** To somebody who is gone: who asked is told so. */
  #sendBack(letters: readonly Letter[]): void {
    for (const { from, id, kind, to } of letters)
      if (kind === 'question' && id !== 0)
        this.take([{ to: from, from: to, id, kind: 'failure', body: gone }]);
  }

  #asked(letter: Letter): void {
    try {
      const answer = this.#options.answer(letter.body as Question);
      if (answer instanceof Promise)
        answer.then(
          (later: unknown) => this.#reply(letter, 'answer', later),
          (error: unknown) => this.#reply(letter, 'failure', failureOf(error)),
        );
      else this.#reply(letter, 'answer', answer);
    } catch (error) {
      this.#reply(letter, 'failure', failureOf(error));
    }
  }

  #reply({ from: to, id }: Letter, kind: 'answer' | 'failure', body: unknown): void {
    if (id !== 0) this.#send({ to, from: this.#options.place, id, kind, body });
  }

  #answered({ body, id, kind }: Letter): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (kind === 'answer') waiting?.resolve(body);
    else waiting?.reject(new PostError(body as Failure));
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), code: undefined };
  const code = 'code' in error ? String(error.code) : undefined;
  return { message: error.message, code };
}
