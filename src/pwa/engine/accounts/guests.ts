/** Vouching for people outside the national directory, and opening an invitation. The link's secret never leaves for the server. */
import type { Prolonging } from "../../bridge/commands/identity.js"
import type { AccountId, Guest, Invitation, InvitationState, Professional, SponsoredPerson } from "../../bridge/models.js"
import { fromBase64, toBase64 } from "../bytes.js"
import type { ServerClock } from "../clock.js"
import { invitationKey, invitationOf, newInvitation, SECRET_BYTES, signSponsorship } from "../crypto/sponsorship.js"
import type { Desk } from "../desk.js"
import { codeOf, Refusal } from "../failure.js"
import type { Gate } from "../gate.js"
import type { Http } from "../http.js"
import { asObject, booleanIn, listIn, numberIn, optional, textIn, type Json } from "../json.js"
import { readEnrolment, type Enrolment } from "./enrolment.js"
import type { Keyring } from "./keyring.js"

const PATH = "/api/sponsorships"

/** Sign for somebody. Answers the secret of the link that lets them in, once. */
export async function invite(http: Http, keyring: Keyring, clock: ServerClock, person: SponsoredPerson): Promise<string> {
  const secret = newInvitation()
  const { account, device } = keyring.self
  const invitationPublic = (await invitationKey(secret)).public
  const content = { sponsor: account, device, invitationPublic, ...person, atMs: clock.now() }
  const { data, signature } = await signSponsorship(content, keyring.deviceKey)
  await http.signed("POST", PATH, { sponsorship: toBase64(data), signature: toBase64(signature) })
  return toBase64(secret)
}

/** For longer, the same person in the same role: what their chain says, never what a page does. Who signs vouches from then on. */
export async function prolong(desk: Pick<Desk, "http" | "keyring" | "clock" | "contacts">, wish: Prolonging): Promise<void> {
  const { http, keyring, clock, contacts } = desk
  const { sponsored } = await contacts.refresh(wish.account)
  if (sponsored === null) throw new Refusal("not_found")
  const { account, device } = keyring.self
  const content = { ...sponsored.content, sponsor: account, device, endsAtMs: wish.endsAtMs, atMs: clock.now() }
  const { data, signature } = await signSponsorship(content, keyring.deviceKey)
  const invitation = await invitationOf(content.invitationPublic)
  const path = wish.isAdministrator ? "/api/administration/sponsorships" : PATH
  await http.signed("PUT", `${path}/${invitation}`, { sponsorship: toBase64(data), signature: toBase64(signature) })
  await contacts.refresh(wish.account)
}

export async function listInvitations(http: Http): Promise<{ mayInvite: boolean; longestDays: number; invitations: readonly Invitation[] }> {
  const json = await http.signed("GET", PATH)
  return {
    mayInvite: booleanIn(json, "may_invite"),
    longestDays: numberIn(json, "longest_days"),
    invitations: listIn(json, "sponsorships").map((item) => invitationFrom(asObject(item))).reverse(),
  }
}

export async function endInvitation(http: Http, invitation: string): Promise<void> {
  await http.signed("DELETE", `${PATH}/${encodeURIComponent(invitation)}`)
}

export function invitationFrom(json: Json): Invitation {
  return {
    invitation: textIn(json, "invitation"),
    familyName: textIn(json, "family_name"),
    givenName: textIn(json, "given_name"),
    role: textIn(json, "role"),
    givenAtMs: numberIn(json, "given_at_ms"),
    endsAtMs: numberIn(json, "ends_at_ms"),
    state: stateFrom(textIn(json, "state")),
    account: optional(json, "account", textIn) as AccountId | null,
  }
}

const STATES: readonly InvitationState[] = ["waiting", "accepted", "expired", "ended"]

function stateFrom(text: string): InvitationState {
  return STATES.find((state) => state === text) ?? "ended"
}

/** Let whoever opened a link begin, on a device without an account. Answers why not, null when they may. */
export async function beginByInvitation(gate: Gate, secret: string): Promise<string | null> {
  if (!gate.locker.isEmpty) return "invitation_elsewhere"
  try {
    gate.enrolment = await openInvitation(gate.http, secret)
    return null
  } catch (error) {
    return codeOf(error)
  }
}

/** The person who opened a link, as a flow that `enrol` finishes. Refuses with `invitation_over`. */
async function openInvitation(http: Http, text: string): Promise<Enrolment> {
  const secret = fromBase64(text)
  if (secret?.length !== SECRET_BYTES) throw new Refusal("invitation_over")
  const invitation = await invitationOf((await invitationKey(secret)).public)
  const json = await http.open("POST", "/api/invitation", { invitation })
  const flow = await readEnrolment(http)
  if (flow === null) throw new Refusal("invitation_over")
  const [familyName, givenName, role] = [textIn(json, "family_name"), textIn(json, "given_name"), textIn(json, "role")]
  return { ...flow, professional: professionalOf(familyName, givenName, role), guest: guestFrom(json), secret }
}

function guestFrom(json: Json): Guest {
  const sponsor = json["sponsor"] === null ? null : asObject(json["sponsor"])
  return {
    endsAtMs: numberIn(json, "ends_at_ms"),
    sponsor: sponsor === null ? null : `${textIn(sponsor, "given_name")} ${textIn(sponsor, "family_name")}`,
  }
}

/** A guest that a search found, as the server says them; their card says what their chain does. */
export function foundGuestFrom(json: Json): Professional {
  const found = professionalOf(textIn(json, "family_name"), textIn(json, "given_name"), textIn(json, "role"))
  return { ...found, account: textIn(json, "account") as AccountId, guest: guestFrom(json) }
}

/** A guest as the screens show people: with a role for a profession, and no number. */
function professionalOf(familyName: string, givenName: string, role: string): Professional {
  return {
    rpps: "",
    familyName,
    givenName,
    civility: "",
    professionCode: role,
    profession: "",
    specialities: [],
    category: "",
    activities: [],
    account: null,
  }
}
