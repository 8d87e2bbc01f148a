/** Answers about patients and their documents. */
import type { DocumentsCommands } from "../../bridge/commands/documents.js"
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
