import { expect, it } from "vitest"
import type { AccountId, DeviceId, Target } from "../../bridge/models.js"
import { EDITABLE_MS, plainText } from "../crypto/contents/messages.js"
import type { Said } from "../crypto/contents/types.js"
import type { Statement } from "../crypto/statement.js"
import { newAccount, newDevice, newEnvelope, newGroup } from "../ids.js"
import { applyOpened, type Opened, type Records } from "./applying.js"
import { movedTo, newChannel, type Channel } from "./channel.js"
import { messageName, messageShown, type StoredMessage } from "./message.js"

const [CHANNEL, ANNE, BEN, EVE] = [newGroup(), newAccount(), newAccount(), newAccount()]
const DEVICES = new Map<AccountId, DeviceId>([ANNE, BEN, EVE].map((account) => [account, newDevice()]))
const STATEMENT = { members: [ANNE, BEN, EVE].map((account) => ({ account, role: account === ANNE ? "admin" : "member" })) } as unknown as Statement
const HOUR_MS = 3_600_000

/** An entry of the log at an offset, said by someone at an hour. */
function entry(by: AccountId, offset: number, said: Said, hour = 0, incarnation = 1): Opened {
  const [device, envelope] = [DEVICES.get(by) ?? newDevice(), newEnvelope()]
  const base: StoredMessage = {
    name: messageName(CHANNEL, device, envelope),
    channel: CHANNEL,
    envelope,
    author: by,
    device,
    offset,
    place: offset,
    sentAtMs: hour * HOUR_MS,
    content: { kind: "unsupported" },
    original: { header: Uint8Array.of(1), sealed: Uint8Array.of(1) },
  }
  return { base, said, rank: [incarnation, offset], statement: STATEMENT }
}

const targetOf = ({ base }: Opened): Target => ({ device: base.device, envelope: base.envelope })

class Memory implements Records {
  readonly kept = new Map<string, StoredMessage>()

  find(name: string): Promise<StoredMessage | null> {
    return Promise.resolve(this.kept.get(name) ?? null)
  }

  put(stored: StoredMessage): void {
    this.kept.set(stored.name, stored)
  }

  remove(name: string): void {
    this.kept.delete(name)
  }
}

/** What BEN's phone shows after these entries, in this order of reading. */
async function read(entries: readonly Opened[]): Promise<{ readonly shown: unknown; readonly state: Channel }> {
  const memory = new Memory()
  let state = movedTo(newChannel(CHANNEL), 1, 100)
  for (const opened of entries) state = await applyOpened(memory, state, opened, DEVICES.get(BEN) ?? newDevice())
  const quoting = ({ device, envelope }: Target) => memory.kept.get(messageName(CHANNEL, device, envelope)) ?? null
  const shown = [...memory.kept.values()]
    .toSorted((one, other) => one.place - other.place)
    .flatMap((stored) => messageShown(stored, state, BEN, quoting) ?? [])
  return { shown, state }
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items.map((item) => ({ item, key: random() })).toSorted((one, other) => one.key - other.key).map(({ item }) => item)
}

/** Repeatable chance (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function aHistory(random: () => number): readonly Opened[] {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const intents = [{ kind: "info" }, { kind: "urgent" }, { kind: "answer", byMs: 5 }] as const
  const texts: Opened[] = []
  const history: Opened[] = []
  for (let offset = 1; offset <= 24; offset++) {
    const by = pick([ANNE, BEN, EVE])
    const hour = offset * 2
    const about = texts.length === 0 ? null : targetOf(pick(texts))
    const kind = about === null ? "text" : pick(["text", "edit", "delete", "reaction", "reaction", "taken"] as const)
    if (kind === "text" || about === null) {
      const said = { ...plainText(`message ${offset}`), intent: pick(intents), replyTo: random() < 0.5 ? about : null }
      const opened = entry(by, offset, said, hour)
      texts.push(opened)
      history.push(opened)
    } else if (kind === "edit") history.push(entry(by, offset, { type: "edit", target: about, text: `autre ${offset}`, mentions: [] }, hour))
    else if (kind === "delete") history.push(entry(by, offset, { type: "delete", target: about }, hour))
    else if (kind === "reaction") history.push(entry(by, offset, { type: "reaction", target: about, emoji: pick(["👍", "❤️", ""]) }, hour))
    else history.push(entry(by, offset, { type: "taken", target: about, isReleased: random() < 0.3 }, hour))
  }
  return history
}

it("shows the same after any order of reading", async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = seeded(seed)
    const history = aHistory(random)
    const { shown } = await read(history)
    for (let round = 0; round < 4; round++) expect((await read(shuffled(history, random))).shown, `seed ${seed}`).toEqual(shown)
  }
})

it("shows the same when everything is read twice", async () => {
  const history = aHistory(seeded(7))
  expect((await read([...history, ...history])).shown).toEqual((await read(history)).shown)
})

it("only the author edits and withdraws, and only within the time", async () => {
  const text = entry(ANNE, 1, plainText("lit 4"))
  const target = targetOf(text)
  const edit = (by: AccountId, offset: number, words: string, hour: number): Opened =>
    entry(by, offset, { type: "edit", target, text: words, mentions: [] }, hour)
  const late = EDITABLE_MS / HOUR_MS + 1

  expect((await read([text, edit(BEN, 2, "lit 5", 1)])).shown).toMatchObject([{ content: { text: "lit 4" }, editedAtMs: null }])
  expect((await read([edit(ANNE, 2, "lit 14", 1), edit(ANNE, 3, "lit 44", late), text])).shown).toMatchObject([
    { content: { text: "lit 14" }, editedAtMs: HOUR_MS },
  ])
  expect((await read([text, entry(BEN, 2, { type: "delete", target }, 1), entry(ANNE, 3, { type: "delete", target }, late)])).shown).toMatchObject([
    { content: { kind: "text" } },
  ])
  expect((await read([entry(ANNE, 2, { type: "delete", target }, 1), text, edit(ANNE, 3, "non", 2)])).shown).toMatchObject([
    { content: { kind: "deleted" }, reactions: [] },
  ])
})

it("waits for someone to take charge of what is urgent, and says who did", async () => {
  const urgent = entry(ANNE, 1, { ...plainText("chute"), intent: { kind: "urgent" } })
  const target = targetOf(urgent)
  const taken = (by: AccountId, offset: number, isReleased = false): Opened => entry(by, offset, { type: "taken", target, isReleased }, offset)

  expect((await read([urgent])).state.asks).toHaveLength(1)
  const { shown, state } = await read([urgent, taken(EVE, 2), taken(BEN, 3), taken(EVE, 4, true)])
  expect(shown).toMatchObject([{ taken: [{ account: BEN, atMs: 3 * HOUR_MS }] }])
  expect(state.asks).toEqual([])
  expect((await read([urgent, taken(EVE, 2), taken(EVE, 3, true)])).state.asks).toHaveLength(1)
})

it("an answer is expected until someone else replies", async () => {
  const asked = entry(ANNE, 1, { ...plainText("INR ?"), intent: { kind: "answer", byMs: 9 } })
  const reply = (by: AccountId): Opened => entry(by, 2, { ...plainText("2,4"), replyTo: targetOf(asked) })
  expect((await read([asked, reply(ANNE)])).state.asks).toHaveLength(1)
  expect((await read([asked, reply(BEN)])).state.asks).toEqual([])
})

it("settings said again never undo newer ones, and a picture is an admin's", async () => {
  const patient = (birthName: string) => ({ birthName, firstName: "J", birthDate: "", sex: "F", usedName: "", oid: "", matricule: "" }) as const
  const first = entry(BEN, 5, { type: "settings", patient: patient("PAYET FICTIF"), since: 0 })
  const second = entry(EVE, 8, { type: "settings", patient: patient("GRONDIN FICTIF"), since: 0 })
  const again = entry(BEN, 9, { type: "settings", patient: patient("PAYET FICTIF"), since: 5 })
  const liar = entry(BEN, 6, { type: "settings", patient: patient("AUTRE FICTIF"), since: 99 })
  const forged = entry(BEN, 10, { type: "settings", picture: Uint8Array.of(1), since: 0 })
  for (const order of [[first, second, again, liar, forged], [forged, liar, again, second, first]]) {
    const { agreements } = (await read(order)).state
    expect(agreements.patient).toMatchObject({ value: { birthName: "GRONDIN FICTIF" }, since: 8 })
    expect(agreements.picture).toBeNull()
  }
})
