/** The table of all contents: what a type of docs/keys.md is written and read by. A new type is a line in each. */
import { Malformed } from "../errors.js"
import { write, type ValueMap } from "../msgpack.js"
import { sameBytes } from "../../bytes.js"
import { availabilityBody, parseAvailability, type Availability } from "./availability.js"
import { Body, Newer } from "./body.js"
import { parseSharedDocument, sharedDocumentBody, type SharedDocument } from "./document.js"
import { mediaBody, parseMedia, type Media } from "./media.js"
import {
  deleteBody,
  editBody,
  parseDelete,
  parseEdit,
  parseReaction,
  parseTaken,
  parseText,
  reactionBody,
  takenBody,
  textBody,
  type Delete,
  type Edit,
  type Reaction,
  type Taken,
  type Text,
} from "./messages.js"
import { parseSettings, settingsBody, type Settings } from "./settings.js"

export type Said = Text | Media | SharedDocument | Edit | Delete | Reaction | Taken | Settings | Availability

const READERS: ReadonlyMap<string, (body: Body) => Said> = new Map<string, (body: Body) => Said>([
  ["text", parseText],
  ["media", parseMedia],
  ["document", parseSharedDocument],
  ["edit", parseEdit],
  ["delete", parseDelete],
  ["reaction", parseReaction],
  ["taken", parseTaken],
  ["settings", parseSettings],
  ["availability", parseAvailability],
])

/** What a body says; null for a type, or a field, of a newer version. Throws Malformed for a known field out of bounds. */
export function parseSaid(type: string, body: ValueMap): Said | null {
  const read = READERS.get(type)
  if (read === undefined) return null
  const fields = new Body(body)
  try {
    const said = read(fields)
    fields.end()
    return said
  } catch (error) {
    if (error instanceof Newer) return null
    throw error
  }
}

/** The body, within the bounds a reader asks for. Throws Malformed. */
export function bodyOf(said: Said): ValueMap {
  const body = writeBody(said)
  const read = parseSaid(said.type, body)
  if (read === null || !sameBytes(write(writeBody(read)), write(body))) throw new Malformed()
  return body
}

function writeBody(said: Said): ValueMap {
  switch (said.type) {
    case "text":
      return textBody(said)
    case "media":
      return mediaBody(said)
    case "document":
      return sharedDocumentBody(said)
    case "edit":
      return editBody(said)
    case "delete":
      return deleteBody(said)
    case "reaction":
      return reactionBody(said)
    case "taken":
      return takenBody(said)
    case "settings":
      return settingsBody(said)
    case "availability":
      return availabilityBody(said)
  }
}
