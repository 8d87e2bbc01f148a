/** Given names as they are read, one way everywhere: identity services write them in capitals. Pure. */

/** "JEAN-BAPTISTE" and "jean-baptiste" as "Jean-Baptiste"; what somebody wrote in both cases stays as they did. */
export function givenNameShown(name: string): string {
  const lower = name.toLocaleLowerCase("fr")
  if (name !== lower && name !== name.toLocaleUpperCase("fr")) return name
  return lower.replace(/(^|[\s'’-])(\p{L})/gu, (_whole, before: string, letter: string) => before + letter.toLocaleUpperCase("fr"))
}

/** "PAYET FICTIF Jeanne": birth name in capitals, then the first given name. */
export const patientNameShown = (birthName: string, givenName: string): string =>
  `${birthName.toLocaleUpperCase("fr")} ${givenNameShown(givenName)}`.trim()
