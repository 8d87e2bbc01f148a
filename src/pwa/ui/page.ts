/** What the page knows at this moment: the last value of each engine event, and a few facts of the page itself. */
import { signal, type Signal } from "@preact/signals"
import type { Engine } from "../bridge/channel.js"
import type { DocumentCard, DocumentsState, ShownIdentity } from "../bridge/documents.js"
import { forgetLastMatch } from "../bridge/forgetting.js"
import type { AccountId, ChannelId, Discussion, DiscussionSummary, Message, Person, Phase, Professional, Provider } from "../bridge/models.js"
import { forgetProof } from "./account/proving.js"
import { forgetPictures, learnPictures } from "./conversations/groupPictures.js"
import { forgetReadyFile } from "./files/readyFile.js"
import { kept } from "./kept.js"

export type Arrival = { readonly discussion: DiscussionSummary; readonly message: Message }

/** A document that came just now. */
export type DocumentArrival = { readonly card: DocumentCard; readonly identity: ShownIdentity }

export interface Page {
  readonly engine: Engine
  readonly phase: Signal<Phase>
  /** Null until the engine has said it once. */
  readonly discussions: Signal<readonly DiscussionSummary[] | null>
  readonly discussion: Signal<Discussion | null>
  /** A channel of the address that turned out to be none of ours. */
  readonly missing: Signal<ChannelId | null>
  readonly arrival: Signal<Arrival | null>
  /** Null until the engine has said it once. */
  readonly documents: Signal<DocumentsState | null>
  /** While a group is made or changed: for how many of its members. */
  readonly preparing: Signal<{ readonly done: number; readonly of: number } | null>
  readonly documentArrival: Signal<DocumentArrival | null>
  /** The card opened from the directory or a discussion: kept here, because no number of a person goes in an address. */
  readonly card: Signal<Professional | null>
  /** Date of the imported extract, once the directory has answered. */
  readonly extractDate: Signal<string>
  readonly providers: Signal<readonly Provider[]>
  /** People met outside the member lists (departed authors), by account. */
  readonly people: Signal<ReadonlyMap<AccountId, Person>>
}

export function createPage(engine: Engine): Page {
  const page: Page = {
    engine,
    phase: signal<Phase>({ kind: "loading" }),
    discussions: signal(null),
    discussion: signal(null),
    missing: signal(null),
    arrival: signal(null),
    documents: signal(null),
    preparing: signal(null),
    documentArrival: signal(null),
    card: signal(null),
    extractDate: signal(""),
    providers: signal([]),
    people: signal(new Map()),
  }
  engine.listen((event) => {
    switch (event.kind) {
      case "phase":
        applyPhase(page, event.phase)
        break
      case "discussions":
        page.discussions.value = event.discussions
        learnPictures(engine, event.discussions)
        break
      case "discussion":
        page.discussion.value = kept(page.discussion.value, event.discussion)
        break
      case "arrived":
        page.arrival.value = { discussion: event.discussion, message: event.message }
        break
      case "preparing":
        page.preparing.value = event.done < event.of ? { done: event.done, of: event.of } : null
        break
      case "documents":
        page.documents.value = event.documents
        break
      case "document-arrived":
        page.documentArrival.value = { card: event.card, identity: event.identity }
        break
    }
  })
  return page
}

/**
 * Which discussion is on screen, in one place for all its screens, so that leaving one of them never ends the watch of
 * the next. The engine tells the discussion before it answers: an answer without one means there is none.
 */
export async function watch(page: Page, channel: ChannelId | null): Promise<void> {
  if (page.discussion.value?.channel !== channel) page.discussion.value = null
  page.missing.value = null
  try {
    await page.engine.ask("watchDiscussion", { channel })
  } catch {
    // Locked meanwhile, or gone: what the page knows then decides.
  }
  if (channel !== null && page.discussion.value?.channel !== channel) page.missing.value = channel
}

/** Nothing decrypted outlives the open phase in the page. */
function applyPhase(page: Page, phase: Phase): void {
  page.phase.value = phase
  if (phase.kind === "signed-out" || phase.kind === "locked") page.providers.value = phase.providers
  if (phase.kind === "open" || phase.kind === "loading") return
  page.discussions.value = null
  forgetPictures()
  forgetReadyFile()
  forgetProof()
  page.discussion.value = null
  page.arrival.value = null
  page.documents.value = null
  page.documentArrival.value = null
  page.card.value = null
  page.people.value = new Map()
  forgetLastMatch()
}

/** Whether something written here has not left yet: then nothing may reload the page. */
export function isSending(page: Page): boolean {
  const summaries = page.discussions.value ?? []
  const messages = page.discussion.value?.messages ?? []
  return (
    summaries.some(({ last }) => last?.mine === true && last.delivery === "waiting") ||
    messages.some((message) => message.mine && message.delivery === "waiting")
  )
}
