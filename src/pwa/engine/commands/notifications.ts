/** Commands about being woken: each one line or a few, the work is elsewhere. */
import type { NotificationsCommands } from "../../bridge/commands/notifications.js"
import type { CommandsOf } from "./command.js"

export const notifications: CommandsOf<NotificationsCommands> = {
  notifications(engine) {
    return engine.desk.notifications.settings()
  },

  async pushKey(engine) {
    return { key: await engine.desk.notifications.key() }
  },

  async subscribePush(engine, { endpoint, key, auth }) {
    await engine.desk.notifications.subscribe({ endpoint, key: new Uint8Array(key), auth: new Uint8Array(auth) })
    return null
  },

  async unsubscribePush(engine) {
    engine.touch()
    await engine.desk.notifications.unsubscribe()
    return null
  },

  async setNotifications(engine, settings) {
    engine.touch()
    await engine.desk.notifications.change(settings)
    return null
  },

  async testPush(engine) {
    engine.touch()
    return { outcome: await engine.desk.notifications.test() }
  },

  async unreachable(engine, { channel }) {
    return { accounts: await engine.desk.notifications.unreachable(channel) }
  },
}
