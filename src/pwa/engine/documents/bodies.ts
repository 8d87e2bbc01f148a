/** From the bytes of a body to what the page can draw. */
import type { DocumentBody } from "../../bridge/documents.js"
import type { Bytes } from "../bytes.js"
import type { Body } from "../crypto/document.js"
import { Refusal } from "../failure.js"
import { parseNarrative } from "./narrative.js"

/** Refuses with `bad_document` what is not what it is declared to be, or is of a form that this version does not know. */
export function bodyOf({ form }: Pick<Body, "form">, bytes: Bytes): DocumentBody {
  switch (form) {
    case "pdf":
      // A reader of PDF looks for its mark within the first 1,024 bytes (ISO 32000-1, Annex H.3).
      if (!latin1(bytes.subarray(0, 1_024)).includes("%PDF-")) throw new Refusal("bad_document")
      return { kind: "pdf", bytes }
    case "jpeg":
      if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new Refusal("bad_document")
      return { kind: "picture", bytes, mediaType: "image/jpeg" }
    case "html":
      return { kind: "narrative", nodes: parseNarrative(textOf(bytes)) }
    case "text":
      return { kind: "text", text: textOf(bytes) }
    default:
      throw new Refusal("bad_document")
  }
}

function textOf(bytes: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal("bad_document")
  }
}

const latin1 = (bytes: Bytes): string => String.fromCharCode(...bytes)
