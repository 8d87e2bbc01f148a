/** The shared directory, always asked of the server: it is the operator's public extract and holds no secret. */
import type { DirectoryPage } from "../../bridge/models.js"
import { foundGuestFrom } from "../accounts/guests.js"
import { characters } from "../crypto/structure.js"
import type { Http } from "../http.js"
import { asObject, listIn, optional, textIn } from "../json.js"
import { professionalFrom } from "./professionals.js"

/** Fewer letters answer nothing, so they are not asked. */
const SHORTEST_QUERY = 2
const EMPTY: DirectoryPage = { professionals: [], next: null, extractDate: "" }

export async function searchDirectory(http: Http, query: string, after: string | null): Promise<DirectoryPage> {
  const asked = query.trim()
  if (characters(asked) < SHORTEST_QUERY) return EMPTY
  const parameters = new URLSearchParams({ q: asked })
  if (after !== null) parameters.set("after", after)
  const page = await http.signed("GET", `/api/directory?${parameters}`)
  return {
    // Few and named: those before many.
    professionals: [
      ...listIn(page, "guests").map((row) => foundGuestFrom(asObject(row))),
      ...listIn(page, "professionals").map((row) => professionalFrom(asObject(row))),
    ],
    next: optional(page, "next", textIn),
    extractDate: optional(page, "extract_date", textIn) ?? "",
  }
}
