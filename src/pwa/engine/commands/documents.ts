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

  async document(engine, place) {
    engine.touch()
    const { documents, shared } = engine.desk
    return "document" in place ? documents.document(place.document) : shared.view(place.channel, place.target)
  },

  async documentBody(engine, place) {
    engine.touch()
    const { documents, shared } = engine.desk
    return "document" in place ? documents.body(place.document) : shared.body(place.channel, place.target)
  },

  async documentAttachment(engine, { index, ...place }) {
    engine.touch()
    const { documents, shared } = engine.desk
    return "document" in place ? documents.attachment(place.document, index) : shared.attachment(place.channel, place.target, index)
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

  async talkAbout(engine, { document, to, confirmed, shares, text }) {
    engine.touch()
    const { contacts, conversations, documents, keyring, shared } = engine.desk
    const delivered = await documents.delivered(document)
    const members = "account" in to ? [to.account] : conversations.book.get(to.channel).members.map(({ account }) => account)
    const others = members.filter((account) => account !== keyring.account)
    // Who joined while the person was reading the names was not confirmed.
    if (others.length === 0 || others.some((account) => !confirmed.includes(account))) throw new Refusal("refused")
    const names: string[] = []
    for (const state of (await contacts.refreshAll(others)).values()) {
      const { identity, standing } = state
      if (identity === null || standing.standing !== "open") throw new Refusal("identity_refused")
      names.push(`${identity.givenName} ${identity.familyName}`)
    }
    const channel = "account" in to ? await conversations.groups.openDirect(to.account) : to.channel
    await conversations.saying.setPatient(channel, patientToTie(delivered.content.patient))
    if (shares) await shared.share(delivered, channel, names)
    else await conversations.saying.suggest(channel, text)
    return { channel }
  },

  async saveDocument(engine, { attachment, ...place }) {
    engine.touch()
    const { documents, sessions, shared } = engine.desk
    sessions.requireFresh()
    return "document" in place ? documents.save(place.document, attachment) : shared.save(place.channel, place.target, attachment)
  },

  async documentLeaves(engine, place) {
    engine.touch()
    const { documents, shared } = engine.desk
    await ("document" in place ? documents.leave(place.document) : shared.leave(place.channel, place.target))
    return null
  },

  async listDocumentTraces(engine, { before }) {
    engine.touch()
    return engine.desk.documents.traces.list(before)
  },
}
