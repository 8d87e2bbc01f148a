/** Answers about patients and their documents. */
import type { DocumentsCommands } from "../../bridge/commands/documents.js"
import { patientToTie, peopleOf } from "../documents/people.js"
import { Refusal } from "../failure.js"
import type { CommandsOf } from "./command.js"

export const documents: CommandsOf<DocumentsCommands> = {
  async listPatients(engine, asked) {
    engine.touch()
    return engine.desk.documents.list(asked)
  },

  async patient(engine, { patient }) {
    engine.touch()
    return engine.desk.documents.patient(patient)
  },

  async document(engine, { document }) {
    engine.touch()
    return engine.desk.documents.document(document)
  },

  async documentBody(engine, { document }) {
    engine.touch()
    return engine.desk.documents.body(document)
  },

  async documentAttachment(engine, { document, index }) {
    engine.touch()
    return engine.desk.documents.attachment(document, index)
  },

  async joinPatients(engine, { one, other }) {
    engine.touch()
    await engine.desk.documents.join(one, other)
    return null
  },

  async separatePatient(engine, { patient }) {
    engine.touch()
    await engine.desk.documents.separate(patient)
    return null
  },

  async documentPeople(engine, { document }) {
    engine.touch()
    const { documents, http, keyring } = engine.desk
    return { people: await peopleOf(http, await documents.content(document), keyring.self) }
  },

  async talkAbout(engine, { document, to, text }) {
    engine.touch()
    const { contacts, conversations, documents } = engine.desk
    const patient = patientToTie((await documents.content(document)).patient)
    const members = "account" in to ? [to.account] : conversations.book.get(to.channel).members.map(({ account }) => account)
    for (const state of (await contacts.refreshAll(members)).values()) {
      if (state.identity === null || state.standing.standing !== "open") throw new Refusal("identity_refused")
    }
    const channel = "account" in to ? await conversations.groups.openDirect(to.account) : to.channel
    await conversations.saying.setPatient(channel, patient)
    await conversations.saying.suggest(channel, text)
    return { channel }
  },

  async saveDocument(engine, { document }) {
    engine.touch()
    engine.desk.sessions.requireFresh()
    return engine.desk.documents.save(document)
  },

  async listDocumentTraces(engine, { before }) {
    engine.touch()
    return engine.desk.documents.traces.list(before)
  },
}
