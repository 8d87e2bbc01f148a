import { afterEach, it } from "vitest"
import { messageName, type StoredMessage } from "../engine/conversations/message.js"
import type { Store } from "../engine/store/store.js"
import { Device, stopAll } from "./device.js"

afterEach(stopAll)

it("what took a newer version to read is read after the update", async () => {
  const [ana, ben] = [await new Device().signUp(), await new Device().signUp()]
  const channel = await ana.write(ben.me, "d'une version à venir")
  await ana.until("it is in the log", () => ana.messages[0]?.offset != null)
  await leaveUnread(ana)

  const same = await ana.reopened()
  await same.online()
  await same.open(channel)
  await same.until("it stays closed", () => same.texts.includes("unsupported"))

  const updated = await same.reopened("scenario/2")
  await updated.online()
  await updated.open(channel)
  await updated.shows("d'une version à venir")
})

/** As a program leaves what it knows no words for; an own message, because of those a phone keeps the sealed form. */
async function leaveUnread(device: Device): Promise<void> {
  const { store } = device.engine.desk as unknown as { readonly store: Store }
  const message = device.messages[0]!
  const name = messageName(device.channel, message.device, message.envelope)
  const stored = (await store.getMessage<StoredMessage>(name))!
  await store.write([await store.putMessage(device.channel, name, stored.place, { ...stored, content: { kind: "unsupported" } })])
}
