/** The engine's side of the bridge, held by a test: answers what it is told to answer, and keeps what was asked. */
import type { Engine } from "../../bridge/channel.js"
import type { CommandName, ReplyOf, RequestOf } from "../../bridge/commands.js"
import type { EngineEvent } from "../../bridge/events.js"

export type Answers = { readonly [Name in CommandName]?: (request: RequestOf<Name>) => ReplyOf<Name> | Promise<ReplyOf<Name>> }

/** What an account is answered that nothing was said about. */
const ordinary: Answers = { administration: () => ({ structure: "", people: [], guests: [], longestDays: 365 }) }

export class PageEngine implements Engine {
  readonly asked: { readonly name: CommandName; readonly request: unknown }[] = []
  private readonly listeners = new Set<(event: EngineEvent) => void>()

  private readonly answers: Answers

  constructor(answers: Answers = {}) {
    this.answers = { ...ordinary, ...answers }
  }

  async ask<Name extends CommandName>(name: Name, request: RequestOf<Name>): Promise<ReplyOf<Name>> {
    this.asked.push({ name, request })
    const answer = this.answers[name]
    return answer === undefined ? null : answer(request)
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  tell(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event)
  }

  requests(name: CommandName): readonly unknown[] {
    return this.asked.filter((one) => one.name === name).map((one) => one.request)
  }
}
