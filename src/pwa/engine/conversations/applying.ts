/** From what was said to what changes: the message itself, what it is about, and what the channel knows. */
import type { AccountId, DeviceId } from "../../bridge/models.js"
import type { Said } from "../crypto/contents/types.js"
import { findMember, type Statement } from "../crypto/statement.js"
import { NOTHING_SAID, seen, settled, withAct, type ActSaid, type Rank } from "./acts.js"
import { withSettings } from "./agreements.js"
import { withDeclared } from "./availability.js"
import { answered, withAsk, withoutAsk } from "./asks.js"
import { type Channel } from "./channel.js"
import { isSilent, NO_CONTEXT, storedFrom, wordsOf, type Standalone } from "./contents.js"
import { contentShown, nameOfTarget, type StoredMessage } from "./message.js"

/** Messages by name, as they are once the changes are written. */
export interface Records {
  find(name: string): Promise<StoredMessage | null>
  put(stored: StoredMessage): void
  remove(name: string): void
}

/** An entry that opened: everything of its message but the content. */
export type Opened = { readonly base: StoredMessage; readonly said: Said; readonly rank: Rank; readonly statement: Statement }

/** Answers the channel as it is then. The order in which entries are applied does not matter for what is shown. */
export async function applyOpened(records: Records, state: Channel, opened: Opened, device: DeviceId): Promise<Channel> {
  const { base, said } = opened
  if (!isSilent(said)) return applyStandalone(records, state, opened, said)
  // What another device said about something is nothing by itself; one that was stored as sealed before leaves.
  if (base.device === device) records.put({ ...base, content: { kind: "act", said } })
  else if ((await records.find(base.name)) !== null) records.remove(base.name)
  if (said.type === "availability") return { ...state, declared: withDeclared(state.declared, base.author, said, base.sentAtMs) }
  return applyAct(records, state, opened, said)
}

async function applyStandalone(records: Records, state: Channel, { base, statement }: Opened, said: Standalone): Promise<Channel> {
  const before = await records.find(base.name)
  const about = before?.about === undefined ? undefined : settled(before.about, base.author, base.sentAtMs)
  const stored = { ...base, ...storedFrom(said), ...(about === undefined ? {} : { about }) }
  records.put(stored)
  const offset = base.offset ?? 0
  if (said.type === "settings") {
    const isAllowed = findMember(statement, base.author)?.role === "admin"
    const agreements = withSettings(state.agreements, said, offset, base.sentAtMs, isAllowed)
    const hasChosen = agreements.retentionDays !== state.agreements.retentionDays
    return { ...state, agreements, ...(hasChosen ? { hasUnsureDays: true } : {}) }
  }
  const asks = said.type === "document" ? state.asks : answered(state.asks, said.replyTo, base.author)
  return withWaiting({ ...state, asks }, stored)
}

async function applyAct(records: Records, state: Channel, { base, rank }: Opened, said: ActSaid): Promise<Channel> {
  const name = nameOfTarget(state.channel, said.target)
  const found = await records.find(name)
  const isKnown = found !== null && found.content.kind !== "absent" && found.content.kind !== "unsupported"
  const about = withAct(found?.about ?? NOTHING_SAID, { by: base.author, rank, atMs: base.sentAtMs, said })
  const target: StoredMessage = {
    ...(found ?? absent(base, said, name)),
    about: isKnown ? settled(about, found.author, found.sentAtMs) : about,
  }
  records.put(target)
  if (!isKnown) return state
  const after = withWaiting(state, target)
  const { last } = after
  if (last === null || last.device !== target.device || last.envelope !== target.envelope) return after
  const content = contentShown(target, target.about)
  return content === null ? after : { ...after, last: { ...last, text: wordsOf(content), kind: content.kind } }
}

/** Whether a message still waits for someone, by what it asks for and what was said about it since. */
function withWaiting(state: Channel, stored: StoredMessage): Channel {
  const { device, envelope, author, offset, context = NO_CONTEXT, about = NOTHING_SAID, sentAtMs } = stored
  const { intent } = context
  if (intent.kind === "info") return state
  const { isDeleted, taken } = seen(about, author, sentAtMs)
  if (isDeleted || taken.length > 0) return { ...state, asks: withoutAsk(state.asks, { device, envelope }) }
  return { ...state, asks: withAsk(state.asks, { device, envelope, author, offset: offset ?? 0, intent }) }
}

function absent({ channel, place, sentAtMs }: StoredMessage, { target }: ActSaid, name: string): StoredMessage {
  const { device, envelope } = target
  const nobody = "" as AccountId
  return { name, channel, envelope, author: nobody, device, offset: null, place, sentAtMs, content: { kind: "absent" }, original: null }
}
