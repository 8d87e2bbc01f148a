/** From an entry of the log to a message: whose it is, whether it opens, what it says. */
import type { AccountId, ChannelId, Message } from "../../bridge/models.js"
import type { Contacts } from "../accounts/contacts.js"
import { sameBytes } from "../bytes.js"
import { decodeHeader, openEnvelope, saidIn, type Header } from "../crypto/envelope.js"
import { findMember } from "../crypto/statement.js"
import { codeOf, isPassing } from "../failure.js"
import { membersChange, type Epochs } from "./epoch.js"
import type { Statements } from "./statements.js"
import type { Store } from "../store/store.js"
import { messageName, type Sealed, type StoredMessage } from "./message.js"

/** What an entry came to. Nothing for what is forged or broken: the log goes on without it. */
export type Outcome =
  | { readonly kind: "message"; readonly stored: StoredMessage; readonly isForked: boolean }
  | { readonly kind: "nothing" }

const NOTHING: Outcome = { kind: "nothing" }

/** Where and when the entry stands. */
export type Standing = { readonly offset: number; readonly atMs: number }

/** Throws only what passes (offline, overloaded): then the entry is read again later. */
export async function openMessage(
  header: Header,
  original: Sealed,
  { offset, atMs }: Standing,
  epochs: Epochs,
  contacts: Contacts,
  me: AccountId,
): Promise<Outcome> {
  const { channel, account, device, envelope } = header
  if (device === null) return NOTHING
  const make = (content: Message["content"], isKept: boolean): StoredMessage => ({
    name: messageName(channel, device, envelope),
    channel,
    envelope,
    author: account,
    device,
    offset,
    place: offset,
    sentAtMs: atMs,
    content,
    original: isKept ? { header: original.header, sealed: original.sealed } : null,
  })
  const sealedStill = (): Outcome => ({ kind: "message", stored: make({ kind: "unsupported" }, true), isForked: false })
  const epoch = epochs.get(header.epoch)
  if (epoch === undefined || epoch.key === null) return sealedStill()
  if (findMember(epoch.statement, account) === null) return NOTHING
  try {
    const devicePublic = await contacts.devicePublic(account, device)
    if (devicePublic === null) return NOTHING
    const content = await openEnvelope(original.header, original.sealed, epoch.key, devicePublic)
    const isForked = !sameBytes(content.statementHash, epoch.statement.hash)
    const said = saidIn(content)
    const shown = said?.type === "text" ? ({ kind: "text", text: said.text } as const) : ({ kind: "unsupported" } as const)
    return { kind: "message", stored: make(shown, account === me || shown.kind === "unsupported"), isForked }
  } catch (error) {
    const code = codeOf(error)
    if (isPassing(code)) throw error
    // A contact under doubt may be cleared later; what is forged or broken never is.
    return code === "bad_seal" || code === "bad_envelope" ? NOTHING : sealedStill()
  }
}

/** What a statement's entry tells people: who came and who left. */
export function openStatement(header: Header, { offset, atMs }: Standing, epochs: Epochs): StoredMessage | null {
  const change = membersChange(epochs, header.epoch)
  const author = epochs.get(header.epoch)?.statement.author
  if (change === null || author === undefined || header.device === null) return null
  const { channel, device, envelope } = header
  return {
    name: messageName(channel, device, envelope),
    channel,
    envelope,
    author,
    device,
    offset,
    place: offset,
    sentAtMs: atMs,
    content: { kind: "members", ...change },
    original: null,
  }
}

/** Try again what stayed sealed, for want of a key or of a person. Answers whether something opened. */
export async function openAgain(
  store: Store,
  channel: ChannelId,
  statements: Statements,
  contacts: Contacts,
  me: AccountId,
): Promise<boolean> {
  const all = await store.messages<StoredMessage>(channel, 0, Infinity)
  const sealed = all.filter((stored) => stored.content.kind === "unsupported" && stored.original !== null)
  if (sealed.length === 0) return false
  const { epochs, learnt } = await statements.read(channel, await statements.epochs(channel))
  const writes = [...(await statements.writes(channel, learnt))]
  let opened = false
  for (const { original, offset, place, sentAtMs } of sealed) {
    if (original === null) continue
    const standing = { offset: offset ?? place, atMs: sentAtMs }
    const outcome = await openMessage(decodeHeader(original.header), original, standing, epochs, contacts, me)
    if (outcome.kind === "nothing" || outcome.stored.content.kind === "unsupported") continue
    const { stored } = outcome
    writes.push(await store.putMessage(channel, stored.name, place, { ...stored, offset, place }))
    opened = true
  }
  await store.write(writes)
  statements.keep(channel, epochs)
  return opened
}
