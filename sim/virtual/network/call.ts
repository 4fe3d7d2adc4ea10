/** Setting up a connection: three packets of a TCP handshake, of which the first is repeated until somebody answers (RFC 9293, 3.5). */
import type { Endpoint } from '../../../core/torrent/ids.ts';
import { callTimeout, firstCallAgain } from './access.ts';
import { type Micros, micros, plus } from '../micros.ts';
import type { Target } from '../scheduler.ts';
import type { Held, Site } from './site.ts';
import { type Keeper, Socket, type SocketListener } from './socket.ts';

/** Who can be called. */
export interface Callee extends Keeper {
  listens(port: number): boolean;
  /** Asks the application; `undefined` means no. */
  answer(port: number, socket: Socket, caller: Endpoint): SocketListener | undefined;
}

/** Finds who has an address now. */
export type Directory = (ip: string) => Callee | undefined;

const event = { again: 0, answered: 1, accepted: 2, connected: 3, refused: 4 } as const;

export class Call implements Target, Held {
  readonly #site: Site;
  readonly #life: number;
  readonly #find: Directory;
  readonly #socket: Socket;
  readonly #from: Endpoint;
  readonly #startedAt: Micros;
  #wait: Micros = firstCallAgain;
  #callee: Callee | undefined;
  #calleeLife = 0;
  #far: Socket | undefined;

  constructor(site: Site, find: Directory, socket: Socket, from: Endpoint) {
    this.#site = site;
    this.#life = site.life;
    this.#find = find;
    this.#socket = socket;
    this.#from = from;
    this.#startedAt = site.ground.scheduler.now;
    this.#try();
  }

  fire(what: number): void {
    if (what === event.accepted) return this.#hear(this.#callee?.site, what);
    if (this.#site.life !== this.#life || this.#socket.isEnded) return;
    if (what === event.again) this.#try();
    else if (what === event.answered) this.#answered();
    else this.#hear(this.#site, what);
  }

  resume(what: number): void {
    if (what === event.accepted) this.#accept();
    else if (what === event.connected) this.#socket.connected();
    else this.#socket.ended();
  }

  #hear(site: Site | undefined, what: number): void {
    if (site?.isHolding === true) site.hold(this, what, 0);
    else this.resume(what);
  }

  #try(): void {
    const { now } = this.#site.ground.scheduler;
    const callee = this.#find(this.#socket.remote.ip);
    if (callee !== undefined && this.#reaches(callee.site)) {
      this.#callee = callee;
      this.#calleeLife = callee.site.life;
      this.#at(now + this.#site.drawDelay() + callee.site.drawDelay(), event.answered);
      return;
    }
    this.#tryLater();
  }

  #tryLater(): void {
    const { now } = this.#site.ground.scheduler;
    const giveUpAt = this.#startedAt + callTimeout;
    const againAt = now + this.#wait;
    this.#wait = micros(2 * this.#wait);
    if (againAt < giveUpAt) this.#at(againAt, event.again);
    else this.#at(giveUpAt, event.refused);
  }

  #reaches(to: Site): boolean {
    if (to.isOff || to.isNatted) return false;
    return !this.#site.blocked.has(to) && !to.blocked.has(this.#site);
  }

  /** The answer is here, yes or no. */
  #answered(): void {
    const callee = this.#callee;
    if (callee === undefined || callee.site.isOff || callee.site.life !== this.#calleeLife)
      return this.#tryLater();
    if (!callee.listens(this.#socket.remote.port)) return this.#hear(this.#site, event.refused);
    const acceptedAt = plus(this.#site.ground.scheduler.now, this.#site.drawDelay());
    this.#far = new Socket(callee, this.#from);
    this.#at(acceptedAt, event.accepted);
    Socket.join(this.#socket, this.#far, acceptedAt);
    this.#hear(this.#site, event.connected);
  }

  /** The third packet is here: the application is asked. */
  #accept(): void {
    const [callee, far] = [this.#callee, this.#far];
    if (callee === undefined || far === undefined || far.isEnded) return;
    // A host that has moved away meanwhile knows nothing of a call to its old address.
    if (callee.site.life !== this.#calleeLife) return far.perish();
    const listener = callee.answer(this.#socket.remote.port, far, this.#from);
    if (listener === undefined) far.reset();
    else far.accept(listener, this.#site.ground.scheduler.now);
  }

  #at(at: number, what: number): void {
    this.#site.ground.scheduler.schedule(at as Micros, this, what);
  }
}
