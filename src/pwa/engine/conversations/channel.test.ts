import { expect, it } from "vitest"
import { newAccount, newDevice, newEnvelope, newGroup } from "../ids.js"
import { NO_AGREEMENTS } from "./agreements.js"
import { cameTo, deliveryAt, keptDays, marked, movedTo, newChannel, placeOf, resetTo, skippedTo, withMessage, type Channel } from "./channel.js"

const [me, ben, eve] = [newAccount(), newAccount(), newAccount()]

function aChannel(offset: number): Channel {
  const members = [me, ben, eve].map((account) => ({ account, isAdmin: account === me }))
  return { ...movedTo(newChannel(newGroup()), 1, offset), members }
}

it("applies only the next entry; an older one is a repeat, a later one means something is missing", () => {
  const channel = aChannel(4)
  expect(placeOf(channel, 1, 5)).toBe("next")
  expect(placeOf(channel, 1, 4)).toBe("repeat")
  expect(placeOf(channel, 1, 6)).toBe("missing")
  expect(placeOf(channel, 2, 5)).toBe("missing")
  expect(placeOf(newChannel(newGroup()), 7, 1)).toBe("next")
})

it("is delivered when everyone has it and read when everyone has read it", () => {
  let channel = marked(aChannel(9), ben, 2, 9)
  expect(deliveryAt(channel, me, 8)).toBe("sent")
  channel = marked(channel, eve, 1, 8)
  expect(deliveryAt(channel, me, 8)).toBe("delivered")
  expect(deliveryAt(channel, me, 9)).toBe("sent")
  channel = marked(channel, eve, 2, 8)
  expect(deliveryAt(channel, me, 8)).toBe("read")
})

it("moves marks forward only, and stays the same value when nothing moved", () => {
  const channel = marked(aChannel(9), ben, 2, 7)
  expect(marked(channel, ben, 1, 3)).toBe(channel)
  expect(marked(channel, ben, 2, 7)).toBe(channel)
})

it("never calls a message delivered to nobody delivered", () => {
  const alone = { ...aChannel(3), members: [{ account: me, isAdmin: true }] }
  expect(deliveryAt(alone, me, 2)).toBe("sent")
})

it("counts what others wrote and was not read", () => {
  const last = { author: ben, device: newDevice(), envelope: newEnvelope(), text: "…", kind: "text", offset: 5 } as const
  expect(withMessage(aChannel(5), last, 10, false)).toMatchObject({ unread: 1, lastAtMs: 10 })
  expect(withMessage({ ...aChannel(5), readOffset: 5 }, last, 10, false).unread).toBe(0)
  expect(withMessage(aChannel(5), { ...last, author: me }, 10, true).unread).toBe(0)
})

it("keeps that something went by while the device was away, and when what followed was said", () => {
  const away = skippedTo(aChannel(4), 1, 9, me)
  expect(away).toMatchObject({ offset: 9, missed: { toOffset: 9, nextAtMs: null } })
  const back = cameTo(away, { incarnation: 1, offset: 10, atMs: 77 })
  expect(back).toMatchObject({ offset: 10, missed: { toOffset: 9, nextAtMs: 77 } })
  expect(cameTo(back, { incarnation: 1, offset: 11, atMs: 99 }).missed).toEqual(back.missed)
})

it("has missed nothing on a new device, or as somebody who was not in", () => {
  expect(skippedTo(aChannel(0), 1, 9, me).missed).toBeUndefined()
  expect(skippedTo({ ...aChannel(4), members: [] }, 1, 9, me).missed).toBeUndefined()
  expect(cameTo(aChannel(4), { incarnation: 1, offset: 5, atMs: 77 }).missed).toBeUndefined()
})

it("gives up the positions above a rebuilt log's end", () => {
  const before = { ...marked(aChannel(9), ben, 2, 9), readOffset: 8 }
  const after = resetTo(before, 2, 6)
  expect(after).toMatchObject({ incarnation: 2, offset: 6, readOffset: 6 })
  expect(deliveryAt({ ...after, members: before.members.slice(0, 2) }, me, 7)).toBe("sent")
})

it("keeps what the admin chose, within what the deployment allows", () => {
  const chosen = (value: number) => ({ ...aChannel(1), agreements: { ...NO_AGREEMENTS, retentionDays: { value, since: 1 } } })
  const bounds = { retentionDays: 30, retentionLeastDays: 7 }
  expect(keptDays(aChannel(1), bounds)).toBe(30)
  expect([1, 7, 14, 90].map((days) => keptDays(chosen(days), bounds))).toEqual([7, 7, 14, 30])
  expect(keptDays(chosen(1), { retentionDays: 30 })).toBe(1)
})
