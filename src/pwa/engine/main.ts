/** The worker: the engine where it is elected, a way to it where it is not. */
import type { ToEngine } from "../bridge/channel.js"
import { ServerClock } from "./clock.js"
import { Election } from "./election.js"
import { Engine } from "./engine.js"
import type { GatePorts } from "./gate.js"
import type { Socket } from "./link.js"
import { limits } from "../protocol/limits.js"
import { DATABASE } from "./store/schema.js"

declare const __LIEN_VERSION__: string

const worker = self as unknown as DedicatedWorkerGlobalScope
const { origin, hostname } = worker.location

const ports: GatePorts = {
  http: { origin, fetch: (url, init) => fetch(url, init) },
  link: {
    openSocket: () => new WebSocket(`${origin.replace(/^http/, "ws")}/socket`, limits.subprotocol) as Socket,
    random: Math.random,
    client: `lien-pwa/${__LIEN_VERSION__}`,
  },
  clock: new ServerClock(),
  rpId: hostname,
  databaseName: DATABASE,
}

let engine: Engine | null = null

const election = new Election(
  {
    locks: navigator.locks,
    makeAir: () => new BroadcastChannel("lien-engine"),
    startEngine: () => (engine = new Engine(ports)),
    answerTimeoutMs: 4_000,
  },
  (message) => worker.postMessage(message),
)

worker.onmessage = ({ data }: MessageEvent<ToEngine>) => election.receive(data)
worker.addEventListener("online", () => engine?.hurry())
worker.addEventListener("offline", () => engine?.onNetworkLost())
election.run()
