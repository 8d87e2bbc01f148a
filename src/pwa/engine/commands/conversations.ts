/** Commands about discussions and what is sent in them: each one line or a few, the work is elsewhere. */
import type { ConversationsCommands } from "../../bridge/commands/conversations.js"
import { seen } from "../conversations/channel.js"
import { nameOfTarget } from "../conversations/message.js"
import type { OnReady } from "../conversations/statements.js"
import type { Engine } from "../engine.js"
import { newEnvelope } from "../ids.js"
import type { CommandsOf } from "./command.js"

export const conversations: CommandsOf<ConversationsCommands> = {
  async openDirect(engine, { account }) {
    engine.touch()
    return { channel: await engine.desk.conversations.groups.openDirect(account) }
  },

  async createGroup(engine, { name, members }) {
    engine.touch()
    return { channel: await engine.desk.conversations.groups.create(name, members, tell(engine)) }
  },

  async addMembers(engine, { channel, members, withPast }) {
    engine.touch()
    await engine.desk.conversations.groups.add(channel, members, withPast, tell(engine))
    await engine.desk.conversations.saying.restate(channel, true)
    return null
  },

  async removeMember(engine, { channel, member }) {
    engine.touch()
    await engine.desk.conversations.groups.remove(channel, member)
    return null
  },

  async renameGroup(engine, { channel, name }) {
    engine.touch()
    await engine.desk.conversations.groups.rename(channel, name)
    return null
  },

  async setAdmin(engine, { channel, member, isAdmin }) {
    engine.touch()
    await engine.desk.conversations.groups.setAdmin(channel, member, isAdmin)
    return null
  },

  async leaveGroup(engine, { channel, handOverTo }) {
    engine.touch()
    await engine.desk.conversations.groups.leave(channel, handOverTo)
    return null
  },

  async setPreference(engine, { channel, preference }) {
    engine.touch()
    const { conversations, notifications } = engine.desk
    await conversations.book.change(channel, (now) => ({ ...now, preference: { ...now.preference, ...preference } }))
    if (preference.isMuted !== undefined) {
      const muted = conversations.book.all().flatMap((one) => (one.preference.isMuted ? [one.channel] : []))
      await notifications.change({ ...(await notifications.settings()), muted })
    }
    return null
  },

  async watchDiscussion(engine, { channel }, page) {
    engine.touch()
    const { conversations } = engine.desk
    const left = engine.pages.watch(page, channel)
    if (left !== null) conversations.unwatch(left)
    if (channel === null) return null
    await conversations.watch(channel)
    engine.tellDiscussion(channel)
    await conversations.book.change(channel, seen)
    return null
  },

  async loadOlder(engine, { channel }) {
    engine.touch()
    await engine.desk.conversations.views.loadOlder(channel)
    engine.tellDiscussion(channel)
    return null
  },

  async loadNewer(engine, { channel }) {
    engine.touch()
    await engine.desk.conversations.views.loadNewer(channel)
    engine.tellDiscussion(channel)
    return null
  },

  async loadNewest(engine, { channel }) {
    engine.touch()
    await engine.desk.conversations.views.loadNewest(channel)
    engine.tellDiscussion(channel)
    return null
  },

  async sendText(engine, { channel, ...written }) {
    engine.touch()
    await engine.desk.conversations.views.loadNewest(channel)
    return { envelope: await engine.desk.conversations.saying.text(channel, written) }
  },

  async editMessage(engine, { channel, target, text, mentions }) {
    engine.touch()
    await engine.desk.conversations.saying.edit(channel, target, text, mentions)
    return null
  },

  async withdrawMessage(engine, { channel, target }) {
    engine.touch()
    const { conversations, library } = engine.desk
    const shown = await conversations.media.findCarried(channel, target)
    const envelope = newEnvelope()
    const say = (): Promise<void> => conversations.saying.withdraw(channel, target, envelope)
    if (shown === null) await say()
    else await library.withdrawals.add({ channel, target, envelope, blobs: shown.items.map(({ blob }) => blob.blob) }, say)
    return null
  },

  async react(engine, { channel, target, emoji }) {
    engine.touch()
    await engine.desk.conversations.saying.react(channel, target, emoji)
    return null
  },

  async takeCharge(engine, { channel, target, isReleased }) {
    engine.touch()
    await engine.desk.conversations.saying.takeCharge(channel, target, isReleased)
    return null
  },

  async forward(engine, { channel, target, to }) {
    engine.touch()
    const { conversations, library } = engine.desk
    const media = await conversations.media.findMedia(channel, target)
    if (media === null) await conversations.saying.forward(channel, target, to)
    else await library.sendAgain(media, to)
    return null
  },

  async messageInfo(engine, { channel, target }) {
    engine.touch()
    engine.desk.conversations.receipts.ask(channel)
    return engine.desk.conversations.saying.info(channel, target)
  },

  async setPatient(engine, { channel, patient }) {
    engine.touch()
    await engine.desk.conversations.saying.setPatient(channel, patient)
    return null
  },

  async setRetention(engine, { channel, days }) {
    engine.touch()
    await engine.desk.conversations.saying.setRetention(channel, days)
    return null
  },

  async setPicture(engine, { channel, picture }) {
    engine.touch()
    await engine.desk.conversations.saying.setPicture(channel, new Uint8Array(picture))
    return null
  },

  groupPicture(engine, { channel }) {
    return Promise.resolve({ picture: engine.desk.conversations.saying.picture(channel) })
  },

  async retry(engine, { channel, envelope }) {
    engine.touch()
    const { conversations, library } = engine.desk
    if (!(await library.departures.retry(envelope))) await conversations.outbox.retry(channel, envelope)
    return null
  },

  async discard(engine, { channel, envelope }) {
    engine.touch()
    const { conversations, library } = engine.desk
    if (!(await library.departures.discard(envelope))) await conversations.outbox.discard(channel, envelope)
    return null
  },

  searchMessages(engine, { query, filter }) {
    engine.touch()
    return engine.desk.conversations.search.find(query, filter)
  },

  async loadAround(engine, { channel, target }) {
    engine.touch()
    const isHere = await engine.desk.conversations.views.loadAround(channel, nameOfTarget(channel, target))
    engine.tellDiscussion(channel)
    return { isHere }
  },

  async messageAt(engine, { channel, atMs }) {
    engine.touch()
    return { target: await engine.desk.conversations.messageAt(channel, atMs) }
  },

  async vanishing(engine, { channel }) {
    return { count: await engine.desk.exports.vanishing(channel) }
  },

  async messagesBetween(engine, { channel, fromMs, toMs }) {
    engine.touch()
    return { messages: await engine.desk.exports.between(channel, fromMs, toMs) }
  },

  async releaseExport(engine) {
    engine.touch()
    return { proof: await engine.desk.exports.release() }
  },

  async signExport(engine, { digest }) {
    return { signature: await engine.desk.exports.sign(new Uint8Array(digest)) }
  },

  async saveDraft(engine, { channel, draft }) {
    await engine.desk.conversations.saying.saveDraft(channel, draft)
    return null
  },

  typing(engine, { channel }) {
    engine.touch()
    engine.desk.conversations.tellTyping(channel)
    return Promise.resolve(null)
  },

  async markRead(engine, { channel, offset }) {
    await engine.desk.conversations.markRead(channel, offset)
    return null
  },
}

const tell =
  (engine: Engine): OnReady =>
  (done, of) =>
    engine.pages.tellAll({ kind: "preparing", done, of })
