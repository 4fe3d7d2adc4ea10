import fc from 'fast-check';
import { Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { defaultHttpLimits, type HttpListener, listenHttp } from './http-listener.ts';

let body: Uint8Array = new Uint8Array(0);
const listenForBodies = (): Promise<HttpListener> =>
  listenHttp({
    ...{ ip: '127.0.0.1', port: 0, limits: defaultHttpLimits, trustProxy: false },
    answer: () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body }),
    onFault: (error) => expect.unreachable(String(error)),
  });

afterEach(() => vi.restoreAllMocks());

it('sends any body as it is, short or long, on one connection after the other', async () => {
  const listener = await listenForBodies();
  const url = `http://127.0.0.1:${listener.address.port}/`;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 40_000, size: 'max' }), async (bytes) => {
      body = bytes;
      const response = await fetch(url);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    }),
    { numRuns: 30 },
  );
  await listener.close();
});

it('gives the kernel head and body of a usual answer in one piece', async () => {
  const listener = await listenForBodies();
  body = new Uint8Array(400).fill(0xfe);
  const single = vi.spyOn(Socket.prototype, '_write');
  const lists = vi.spyOn(Socket.prototype, '_writev' as '_write');
  const port = listener.address.port;
  const told = (spy: typeof single): number =>
    spy.mock.contexts.filter((socket) => (socket as Socket).localPort === port).length;
  for (let answers = 0; answers < 3; answers += 1)
    await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer();
  expect(told(single)).toBe(3);
  expect(told(lists)).toBe(0);
  await listener.close();
});
