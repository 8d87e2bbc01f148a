/** Commands about discussions and what is sent in them: each one line or a few, the work is elsewhere. */
import type { ConversationsCommands } from "../../bridge/commands/conversations.js"
import type { CommandsOf } from "./command.js"

export const conversations: CommandsOf<ConversationsCommands> = {
  async openDirect(engine, { account }) {
    engine.touch()
    return { channel: await engine.desk.conversations.groups.openDirect(account) }
  },

  async createGroup(engine, { name, members }) {
    engine.touch()
    return { channel: await engine.desk.conversations.groups.create(name, members) }
  },

  async addMembers(engine, { channel, members, withPast }) {
    engine.touch()
    await engine.desk.conversations.groups.add(channel, members, withPast)
    return null
  },

  async removeMember(engine, { channel, member }) {
    engine.touch()
    await engine.desk.conversations.groups.remove(channel, member)
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
    return null
  },

  async loadOlder(engine, { channel }) {
    engine.touch()
    await engine.desk.conversations.loadOlder(channel)
    return null
  },

  async sendText(engine, { channel, text }) {
    engine.touch()
    return { envelope: await engine.desk.conversations.send(channel, text) }
  },

  async retry(engine, { channel, envelope }) {
    engine.touch()
    await engine.desk.conversations.outbox.retry(channel, envelope)
    return null
  },

  async discard(engine, { channel, envelope }) {
    engine.touch()
    await engine.desk.conversations.outbox.discard(channel, envelope)
    return null
  },

  async saveDraft(engine, { channel, text }) {
    await engine.desk.conversations.saveDraft(channel, text)
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
