/** Whether the own entry is found by words. Kept by the server: it is the server that searches. */
import type { Http } from "../http.js"
import { booleanIn } from "../json.js"

const PATH = "/api/directory/visibility"

export async function isHidden(http: Http): Promise<boolean> {
  return booleanIn(await http.signed("GET", PATH), "hidden")
}

export async function setHidden(http: Http, hidden: boolean): Promise<void> {
  await http.signed("PUT", PATH, { hidden })
}
