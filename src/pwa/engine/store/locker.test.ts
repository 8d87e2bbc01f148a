import "fake-indexeddb/auto"
import { afterEach, expect, it } from "vitest"
import { randomBytes } from "../bytes.js"
import { newGroup } from "../ids.js"
import { BadSeal } from "../crypto/errors.js"
import { Locker } from "./locker.js"
import { mixPin, shareOf, withGrace } from "./pinDoor.js"
import { DATABASE } from "./schema.js"

const PASSKEY = "a-passkey-of-the-hospital"
const SECRET = "PAYET FICTIF Jeanne"
let locker: Locker

async function aLocker(): Promise<Locker> {
  return Locker.find(DATABASE, () => undefined)
}

async function aFilledLocker(): Promise<void> {
  locker = await aLocker()
  await locker.make(async (store) => [await store.put("self", "self", { name: SECRET })])
}

/** What someone finds who copies the browser's profile. */
async function everythingAtRest(): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(DATABASE)
    request.onsuccess = () => {
      resolve(request.result)
    }
  })
  let found = ""
  for (const name of database.objectStoreNames) {
    const rows = await new Promise<unknown[]>((resolve) => {
      const request = database.transaction(name).objectStore(name).getAll()
      request.onsuccess = () => {
        resolve(request.result)
      }
    })
    found += JSON.stringify(rows, (_name, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    )
  }
  database.close()
  return found
}

afterEach(async () => {
  await locker.destroy()
  locker.close()
})

it("opens by PIN with the server's share only, and no longer by the browser profile", async () => {
  await aFilledLocker()
  const { wrap, share } = await locker.makePin("407195")
  expect(await locker.openByDevice()).not.toBeNull()
  await locker.keepPin(wrap)
  locker.close()

  locker = await aLocker()
  const kept = locker.pinWrap
  if (kept === null) throw new Error("no PIN")
  expect(await locker.openByDevice()).toBeNull()
  const [right, wrong] = [await mixPin(kept, "407195"), await mixPin(kept, "407196")]
  await expect(locker.openByPin(kept, wrong, share)).rejects.toThrow(BadSeal)
  // Who copied the profile has the right digits in the end, and nothing to try them on.
  await expect(locker.openByPin(kept, right, randomBytes(32))).rejects.toThrow(BadSeal)
  expect(await shareOf(kept, Date.now())).toBeNull()
  const store = await locker.openByPin(kept, right, share)
  expect(await store.get("self", "self")).toEqual({ name: SECRET })
  expect(await everythingAtRest()).not.toContain(SECRET)
})

it("keeps a share here for a dated time, and erases it then", async () => {
  await aFilledLocker()
  const { wrap, share } = await locker.makePin("407195")
  await locker.keepPin(await withGrace(wrap, share, Date.now() + 60_000))
  locker.close()
  locker = await aLocker()
  const kept = locker.pinWrap
  expect(kept === null ? null : await shareOf(kept, Date.now())).toEqual(share)
  expect(kept === null ? null : await shareOf(kept, Date.now() + 60_000)).toBeNull()

  if (kept !== null) await locker.keepPin(await withGrace(kept, share, Date.now() - 1))
  locker.close()
  locker = await aLocker()
  expect(locker.pinWrap?.grace).toBeNull()
})

it("without its PIN is opened by the browser profile again", async () => {
  await aFilledLocker()
  await locker.keepPin((await locker.makePin("407195")).wrap)
  await locker.removePin()
  expect(await locker.openByDevice()).not.toBeNull()
  expect(locker.pinWrap).toBeNull()
})

it("opens what it made, by the browser profile, before express login", async () => {
  await aFilledLocker()
  locker.close()
  locker = await aLocker()
  const store = await locker.openByDevice()
  expect(await store?.get("self", "self")).toEqual({ name: SECRET })
})

it("leaves nothing readable at rest: no text, no name, no passkey", async () => {
  await aFilledLocker()
  const channel = newGroup()
  const store = (await locker.openByDevice())!
  await store.write([
    await store.putMessage(channel, "message:x", 3, { text: SECRET }),
    await store.put("drafts", channel, SECRET),
    await store.put("accounts", "account-of-someone", { account: "account-of-someone" }),
  ])
  await locker.turnOn(PASSKEY, randomBytes(32))
  const found = await everythingAtRest()
  for (const secret of [SECRET, channel, "message:x", "account-of-someone", PASSKEY]) expect(found).not.toContain(secret)
})

it("is opened by the passkey only, once it is turned on", async () => {
  await aFilledLocker()
  const prf = randomBytes(32)
  const again = prf.slice()
  await locker.turnOn(PASSKEY, prf)
  expect(prf).toEqual(new Uint8Array(32)) // erased
  locker.close()

  locker = await aLocker()
  expect(locker.hasPasskey).toBe(true)
  expect(await locker.openByDevice()).toBeNull()
  expect(await locker.openByPasskey("another", again)).toBeNull()
  await expect(locker.openByPasskey(PASSKEY, randomBytes(32))).rejects.toMatchObject({ code: "bad_seal" })
  expect(await (await locker.openByPasskey(PASSKEY, again))?.get("self", "self")).toEqual({ name: SECRET })
})

it("opens by any of several passkeys, and by the profile again after the last one went", async () => {
  await aFilledLocker()
  const [one, other] = [randomBytes(32), randomBytes(32)]
  await locker.turnOn("one", one.slice())
  await locker.turnOn("other", other.slice())
  await locker.turnOff("one")
  expect(await locker.openByPasskey("one", one)).toBeNull()
  expect(await locker.openByPasskey("other", other)).not.toBeNull()
  expect(await locker.openByDevice()).toBeNull()
  await locker.turnOff("other")
  expect(await (await locker.openByDevice())?.get("self", "self")).toEqual({ name: SECRET })
})

it("opens nothing after the store was closed", async () => {
  await aFilledLocker()
  const store = (await locker.openByDevice())!
  store.close()
  await expect(store.get("self", "self")).rejects.toMatchObject({ code: "locked" })
  await expect(store.put("self", "self", "late")).rejects.toMatchObject({ code: "locked" })
})

it("does not open a row that was moved to another place", async () => {
  await aFilledLocker()
  const store = (await locker.openByDevice())!
  await store.write([await store.put("drafts", "x", "one"), await store.put("outbox", "x", "two")])
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(DATABASE)
    request.onsuccess = () => {
      resolve(request.result)
    }
  })
  await new Promise<void>((resolve) => {
    const transaction = database.transaction(["drafts", "outbox"], "readwrite")
    const all = transaction.objectStore("outbox").getAll()
    all.onsuccess = () => {
      for (const row of all.result as unknown[]) transaction.objectStore("drafts").put(row)
    }
    transaction.oncomplete = () => {
      resolve()
    }
  })
  database.close()
  await expect(store.get("drafts", "x")).rejects.toMatchObject({ code: "bad_seal" })
})

it("remembers that a sign-in must come first, and forgets everything when destroyed", async () => {
  await aFilledLocker()
  await locker.shut(true)
  locker.close()
  locker = await aLocker()
  expect(locker.isShut).toBe(true)
  await locker.destroy()
  expect(locker.isEmpty).toBe(true)
  expect(await everythingAtRest()).not.toContain("box")
})

it("keeps messages in the order of their place, in pages from the newest back", async () => {
  await aFilledLocker()
  const store = (await locker.openByDevice())!
  const [channel, other] = [newGroup(), newGroup()]
  for (const place of [5, 1, 3, 2.5, 4]) await store.write([await store.putMessage(channel, `m${place}`, place, place)])
  await store.write([await store.putMessage(other, "elsewhere", 3, 33)])
  expect(await store.messagesBelow(channel, Infinity, 2)).toEqual([4, 5])
  expect(await store.messagesBelow(channel, 4, 2)).toEqual([2.5, 3])
  expect(await store.oldestMessages(channel, 2)).toEqual([1, 2.5])
  expect(await store.messages(channel, 2, 4)).toEqual([2.5, 3, 4])
  await store.write([await store.putMessage(channel, "m1", 6, 1)]) // the same envelope, at another place
  expect(await store.messagesBelow(channel, Infinity, 9)).toEqual([2.5, 3, 4, 5, 1])
})

