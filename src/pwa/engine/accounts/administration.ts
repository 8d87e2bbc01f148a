/** The establishment this account administers: who is on Lien, and letting them out. */
import type { AdministeredPerson, Administration } from "../../bridge/commands/identity.js"
import type { AccountId } from "../../bridge/models.js"
import type { Http } from "../http.js"
import { asObject, listIn, numberIn, textIn, type Json } from "../json.js"
import { invitationFrom } from "./guests.js"

const PATH = "/api/administration"

export async function readAdministration(http: Http): Promise<Administration> {
  const json = await http.signed("GET", PATH)
  return {
    structure: textIn(json, "structure"),
    people: listIn(json, "people").map((item) => personFrom(asObject(item))),
    longestDays: numberIn(json, "longest_days"),
    guests: listIn(json, "guests").map((item) => invitationFrom(asObject(item))),
  }
}

export async function suspendPerson(http: Http, account: AccountId): Promise<void> {
  await http.signed("POST", `${PATH}/accounts/${account}/suspend`, {})
}

export async function signOutPerson(http: Http, account: AccountId): Promise<void> {
  await http.signed("DELETE", `${PATH}/accounts/${account}/sessions`)
}

export async function endGuest(http: Http, invitation: string): Promise<void> {
  await http.signed("DELETE", `${PATH}/sponsorships/${encodeURIComponent(invitation)}`)
}

function personFrom(json: Json): AdministeredPerson {
  return {
    account: textIn(json, "account") as AccountId,
    familyName: textIn(json, "family_name"),
    givenName: textIn(json, "given_name"),
    professionCode: textIn(json, "profession_code"),
    category: textIn(json, "category"),
    isSuspended: textIn(json, "standing") === "suspended",
  }
}
