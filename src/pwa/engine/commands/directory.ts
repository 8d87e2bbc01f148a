/** Commands about professionals: each one line or a few, the work is elsewhere. */
import type { DirectoryCommands } from "../../bridge/commands/directory.js"
import { Comparison } from "../accounts/safety.js"
import { searchDirectory } from "../directory/search.js"
import { isHidden, setHidden } from "../directory/visibility.js"
import { codeOf, Refusal } from "../failure.js"
import type { CommandsOf } from "./command.js"

export const directory: CommandsOf<DirectoryCommands> = {
  async searchDirectory(engine, { query, after }) {
    engine.touch()
    return searchDirectory(engine.desk.http, query, after)
  },

  async visibility(engine) {
    return { hidden: await isHidden(engine.desk.http) }
  },

  async setVisibility(engine, { hidden }) {
    engine.touch()
    await setHidden(engine.desk.http, hidden)
    return null
  },

  async safety(engine, { account }) {
    engine.touch()
    const { keyring, contacts } = engine.desk
    return (await Comparison.with(account, keyring, contacts)).describe()
  },

  async safetyScan(engine, { account, text }) {
    engine.touch()
    const { keyring, contacts } = engine.desk
    await (await Comparison.with(account, keyring, contacts)).scan(text, Date.now())
    return null
  },

  async safetyConfirm(engine, { account }) {
    engine.touch()
    const { keyring, contacts } = engine.desk
    await (await Comparison.with(account, keyring, contacts)).confirm(Date.now())
    return null
  },

  async person(engine, { account }) {
    const { contacts } = engine.desk
    try {
      await contacts.refresh(account)
    } catch (error) {
      if (codeOf(error) !== "offline" && codeOf(error) !== "identity_refused") throw error
    }
    if (contacts.find(account) === null) throw new Refusal("offline")
    return engine.desk.conversations.people.find(account)
  },
}
