/** The people a document names, and the patient as a discussion is tied to one. */
import type { DocumentPerson, PatientIdentity } from "../../bridge/documents.js"
import type { Patient } from "../../bridge/models.js"
import type { Self } from "../accounts/self.js"
import type { DocumentContent } from "../crypto/document.js"
import { patientNameShown } from "../../bridge/names.js"
import { professionalFrom } from "../directory/professionals.js"
import { codeOf, isPassing } from "../failure.js"
import type { Http } from "../http.js"
import { hasNumber } from "./identity.js"
import { identityShown, personName } from "./shown.js"

/** Longer lists are for a search in the directory. */
const MOST = 12

/** The authors, then who else received it; without this person. Throws only what passes. */
export async function peopleOf(http: Http, content: DocumentContent, self: Self): Promise<readonly DocumentPerson[]> {
  const authors = content.authors.map((author) => ({ rpps: author.rpps, name: personName(author), profession: "", isAuthor: true }))
  const readers = content.readers.map(({ rpps, name, profession }) => ({ rpps, name, profession, isAuthor: false }))
  const named = [...authors, ...readers.filter(({ rpps }) => !authors.some((author) => author.rpps === rpps))].slice(0, MOST)
  const people = await Promise.all(named.map((one) => lookUp(http, one)))
  return people.filter(({ account }) => account !== self.account)
}

type Named = Omit<DocumentPerson, "account"> & { readonly rpps: string }

/** Whom the directory does not know is shown as the document names them. */
async function lookUp(http: Http, { rpps, name, profession, isAuthor }: Named): Promise<DocumentPerson> {
  const unknown = { name, profession, isAuthor, account: null }
  if (rpps === "") return unknown
  try {
    const found = professionalFrom(await http.signed("GET", `/api/directory/${rpps}`))
    return { name: `${found.givenName} ${found.familyName}`, profession: found.profession, isAuthor, account: found.account }
  } catch (error) {
    if (isPassing(codeOf(error))) throw error
    return unknown
  }
}

/** As the members of a discussion see the patient: the number only when it may be shown. */
export function patientToTie(identity: PatientIdentity): Patient {
  const { birthName, firstGivenName, usedName, birthDate, sex } = identityShown(identity)
  const { oid, matricule } = hasNumber(identity) ? identity : { oid: "", matricule: "" }
  return {
    birthName,
    firstName: firstGivenName,
    birthDate: /^\d{4}-\d{2}-\d{2}$/.test(birthDate) ? birthDate : "",
    sex: sex === "F" || sex === "M" ? sex : "U",
    usedName: usedName ?? "",
    oid,
    matricule,
  }
}

/** As a trace names them, namesakes apart: "PAYET FICTIF Jeanne 12/03/1951". */
export function patientNoted({ birthName, firstName, birthDate }: Patient): string {
  return `${patientNameShown(birthName, firstName)} ${birthDate.split("-").toReversed().join("/")}`.trim()
}
