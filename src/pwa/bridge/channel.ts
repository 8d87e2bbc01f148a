/** The messages that cross between page and worker, and the page's end of it. */
import type { CommandName, Failure, FailureCode, ReplyOf, RequestOf } from "./commands.js"
import type { EngineEvent } from "./events.js"

export type ToEngine = { readonly id: number; readonly name: CommandName; readonly request: unknown }
export type ToPage =
  | { readonly id: number; readonly reply: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly event: EngineEvent }

/** Thrown by `Engine.ask` when the engine refuses. */
export class EngineFailure extends Error {
  constructor(readonly code: FailureCode) {
    super(code)
  }
}

/** What both ends of a worker or a MessagePort offer. */
export interface Port {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  onmessage: ((event: { readonly data: never }) => void) | null
}

/** The page's view of the engine: ask, and listen. */
export interface Engine {
  ask<Name extends CommandName>(name: Name, request: RequestOf<Name>, transfer?: ArrayBuffer[]): Promise<ReplyOf<Name>>
  listen(listener: (event: EngineEvent) => void): () => void
}

export function connect(port: Port): Engine {
  let nextId = 1
  const waiting = new Map<number, { resolve: (reply: never) => void; reject: (error: Error) => void }>()
  const listeners = new Set<(event: EngineEvent) => void>()
  port.onmessage = ({ data }: { readonly data: ToPage }) => {
    if ("event" in data) {
      for (const listener of listeners) listener(data.event)
      return
    }
    const call = waiting.get(data.id)
    waiting.delete(data.id)
    if ("failure" in data) call?.reject(new EngineFailure(data.failure.code))
    else call?.resolve(data.reply as never)
  }
  return {
    ask: (name, request, transfer = []) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve, reject })
        port.postMessage({ id, name, request } satisfies ToEngine, transfer)
      }),
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
