import { afterEach, expect, it, vi } from "vitest"
import type { ToEngine, ToPage } from "../bridge/channel.js"
import { Election, type Elected, type Page } from "./election.js"

type Waiting = { readonly grant: () => Promise<unknown>; readonly take: () => void }

/** The part of the browser's locks that is used, as Web Locks says it: one holder, a queue, stealing. */
class Locks {
  private readonly held = new Map<string, (() => void) | null>()
  private readonly queues = new Map<string, Waiting[]>()

  request(name: string, ...rest: readonly unknown[]): Promise<unknown> {
    const callback = rest.at(-1) as () => Promise<unknown>
    const { steal = false } = (rest.length > 1 ? rest[0] : {}) as LockOptions
    return new Promise((resolve, reject) => {
      const run = (): Promise<unknown> => {
        this.held.set(name, () => {
          reject(new DOMException("", "AbortError"))
        })
        return Promise.resolve(callback()).then((value) => {
          this.release(name)
          resolve(value)
        })
      }
      if (steal) {
        this.held.get(name)?.()
        void run()
      } else if (this.held.has(name)) {
        this.queues.set(name, [...(this.queues.get(name) ?? []), { grant: run, take: () => undefined }])
      } else void run()
    })
  }

  /** The holder's tab was closed. */
  release(name: string): void {
    this.held.delete(name)
    const [next, ...others] = this.queues.get(name) ?? []
    this.queues.set(name, others)
    void next?.grant()
  }
}

class Recorder implements Elected {
  readonly asked: { readonly page: Page; readonly message: ToEngine }[] = []
  isStopped = false

  receive(page: Page, message: ToEngine): void {
    this.asked.push({ page, message })
  }
  leave(): void {
    // Which pages are left is seen by what they are told.
  }
  stop(): void {
    this.isStopped = true
  }
}

const airs: BroadcastChannel[] = []
afterEach(() => {
  for (const air of airs.splice(0)) air.close()
})

function aTab(locks: Locks, air: string): { election: Election; engine: () => Recorder | null; told: ToPage[] } {
  let engine: Recorder | null = null
  const told: ToPage[] = []
  const election = new Election(
    {
      locks: locks as unknown as LockManager,
      makeAir: () => airs[airs.push(new BroadcastChannel(air)) - 1]!,
      startEngine: () => (engine = new Recorder()),
      answerTimeoutMs: 300,
    },
    (message) => told.push(message),
  )
  return { election, engine: () => engine, told }
}

const START: ToEngine = { id: 1, name: "start", request: { error: null, language: "fr" } }

it("lets one tab own the engine and the others ask it", async () => {
  const locks = new Locks()
  const [one, two] = [aTab(locks, "ask"), aTab(locks, "ask")]
  one.election.run()
  one.election.receive(START)
  two.election.run()
  two.election.receive({ ...START, id: 7 })
  await vi.waitFor(() => {
    expect(one.engine()?.asked.length).toBe(2)
  })
  expect(two.engine()).toBeNull()
  const { page, message } = one.engine()!.asked[1]!
  expect(message).toEqual({ ...START, id: 7 })
  page.tell({ id: 7, reply: null })
  await vi.waitFor(() => {
    expect(two.told).toEqual([{ id: 7, reply: null }])
  })
  expect(one.told).toEqual([])
})

it("takes over when the owner is gone, and begins again for its own page", async () => {
  const locks = new Locks()
  const [one, two] = [aTab(locks, "over"), aTab(locks, "over")]
  one.election.run()
  one.election.receive(START)
  two.election.run()
  two.election.receive(START)
  await vi.waitFor(() => {
    expect(one.engine()?.asked.length).toBe(2)
  })
  locks.release("lien-engine")
  await vi.waitFor(() => {
    expect(two.engine()?.asked.some(({ message }) => message.name === "start")).toBe(true)
  })
})

it("takes the engine from a tab that answers nobody; that one stops when it wakes", async () => {
  const locks = new Locks()
  const frozen = aTab(locks, "frozen-before")
  frozen.election.run()
  expect(frozen.engine()).not.toBeNull()
  const two = aTab(locks, "frozen-after") // hears nothing from the first
  two.election.run()
  two.election.receive(START)
  await vi.waitFor(() => {
    expect(two.engine()?.asked[0]?.message).toEqual(START)
  })
  expect(frozen.engine()?.isStopped).toBe(true)
})
