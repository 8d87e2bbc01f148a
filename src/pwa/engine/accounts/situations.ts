/** The situations somebody may say they practise in, as the provider listed them; and the choice of another one. */
import type { Situation } from "../../bridge/models.js"
import type { Http } from "../http.js"
import { asObject, listIn, textIn, type Json } from "../json.js"

const PATH = "/api/account/situation"

export function situationsIn(json: Json): readonly Situation[] {
  return listIn(json, "situations").map((item) => {
    const situation = asObject(item)
    return {
      professionCode: textIn(situation, "profession_code"),
      profession: textIn(situation, "profession"),
      category: textIn(situation, "category"),
      structure: textIn(situation, "structure"),
      commune: textIn(situation, "commune"),
      postcode: textIn(situation, "postcode"),
      mode: textIn(situation, "mode"),
    }
  })
}

/** Empty unless the person signed in with the provider in the last ten minutes. */
export async function listSituations(http: Http): Promise<readonly Situation[]> {
  return situationsIn(await http.signed("GET", PATH))
}

export async function chooseSituation(http: Http, situation: number): Promise<void> {
  await http.signed("PUT", PATH, { situation })
}
