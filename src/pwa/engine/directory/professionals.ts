/** Professionals as the server's JSON says them. */
import type { AccountId, Activity, Professional } from "../../bridge/models.js"
import { asObject, asText, listIn, optional, textIn, type Json } from "../json.js"

export function professionalFrom(json: Json): Professional {
  return {
    rpps: textIn(json, "rpps"),
    familyName: textIn(json, "family_name"),
    givenName: textIn(json, "given_name"),
    civility: textIn(json, "civility"),
    professionCode: textIn(json, "profession_code"),
    profession: textIn(json, "profession"),
    specialities: listIn(json, "specialities").map(asText),
    category: textIn(json, "category"),
    activities: listIn(json, "activities").map((activity) => activityFrom(asObject(activity))),
    account: optional(json, "account", textIn) as AccountId | null,
  }
}

export function professionalIn(json: Json, name: string): Professional {
  return professionalFrom(asObject(json[name]))
}

function activityFrom(json: Json): Activity {
  return {
    structure: textIn(json, "structure"),
    commune: textIn(json, "commune"),
    postcode: textIn(json, "postcode"),
    mode: textIn(json, "mode"),
  }
}
