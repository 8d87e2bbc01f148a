/** From chosen messages to a signed PDF: fetched when something is exported, no part of the start. */
import type { Engine } from "../../bridge/channel.js"
import type { AccountId, ChannelId, Discussion, Message, Patient, Person } from "../../bridge/models.js"
import { headerLine, titleOf } from "../conversations/discussionModel.js"
import { sharedTitle } from "../conversations/messageModel.js"
import { patientLine, patientTitle } from "../conversations/patientModel.js"
import { fullName, professionOf } from "../directory/names.js"
import { locale, words } from "../i18n/language.js"
import { paperTime } from "../i18n/times.js"
import { readPicture } from "../photos/picture.js"
import { pagesOf, type Line } from "./exportPages.js"
import { writePdf, type Attachment, type Picture } from "./pdfFile.js"
import { writable } from "./pdfText.js"

export type Chosen = {
  readonly discussion: Discussion
  readonly me: AccountId
  readonly messages: readonly Message[]
  readonly personOf: (account: AccountId) => Person | null
  readonly nowMs: number
}

const pictureSide = 1_000
const quality = 0.8

/** The file, signed. Refuses with `fresh_sign_in_needed` unless the person has just signed in. */
export async function makeExport(engine: Engine, chosen: Chosen): Promise<Uint8Array<ArrayBuffer>> {
  const { proof } = await engine.ask("releaseExport", null)
  const lines: Line[] = []
  for (const message of chosen.messages) lines.push(await lineOf(engine, chosen.discussion.channel, message, chosen))
  const pdf = layOut(chosen, lines, proof)
  const digest = await crypto.subtle.digest("SHA-256", pdf)
  const { signature } = await engine.ask("signExport", { digest })
  const end = new TextEncoder().encode(`%LIEN-EXPORT-1 ${btoa(String.fromCharCode(...signature))}\n`)
  const file = new Uint8Array(pdf.length + end.length)
  file.set(pdf)
  file.set(end, pdf.length)
  return file
}

export function layOut(chosen: Chosen, lines: readonly Line[], proof: Uint8Array): Uint8Array<ArrayBuffer> {
  const { discussion, me, messages, nowMs, personOf } = chosen
  const text = words().exporting
  const own = personOf(me)
  const title = titleOf(discussion, me)
  const patient: Patient | null = discussion.patient
  const facts = [
    headerLine(discussion, me),
    patient === null ? "" : text.patient(`${patientTitle(patient)}${patientLine(patient)}`),
    text.madeBy(own === null ? "" : fullName(own.professional), paperTime(nowMs)),
    text.count(lines.length),
    text.signed,
  ].filter((fact) => fact !== "")
  const exact = messages.map(({ envelope, device, author, sentAtMs, content }) => ({ envelope, device, author, sent_at_ms: sentAtMs, content }))
  const attachments: readonly Attachment[] = [
    { name: "lien-messages.json", mediaType: "application/json", bytes: new TextEncoder().encode(JSON.stringify(exact)) },
    { name: "lien-proof.bin", mediaType: "application/vnd.lien.proof", bytes: proof },
  ]
  return writePdf({ title: writable(title), language: locale(), pages: pagesOf({ title, facts, lines, pageOf: text.page }), attachments })
}

async function lineOf(engine: Engine, channel: ChannelId, message: Message, { discussion, personOf }: Chosen): Promise<Line> {
  const text = words()
  const person = personOf(message.author)
  const { content, intent, taken } = message
  const notes = [
    intent.kind === "urgent" ? text.intent.urgent : intent.kind === "answer" ? text.intent.answerBy(paperTime(intent.byMs)) : text.intent.info,
    message.editedAtMs === null ? "" : text.message.edited,
    message.isForwarded ? text.message.forwarded : "",
    ...taken.map(({ account, atMs }) => text.intent.takenBy(nameOf(personOf(account)), paperTime(atMs))),
  ].filter((note) => note !== "")
  const pictures = content.kind === "media" ? await picturesOf(engine, channel, message) : []
  return { author: nameOf(person), profession: person === null ? "" : professionOf(person.professional), at: paperTime(message.sentAtMs), notes, text: saidIn(message, discussion), pictures }
}

const nameOf = (person: Person | null): string => (person === null ? words().discussion.someone : fullName(person.professional))

function saidIn({ content }: Message, { retentionDays }: Discussion): string {
  const { discussion, media } = words()
  switch (content.kind) {
    case "text":
      return content.text
    case "media":
      return [content.text, content.site, content.consent === "" ? "" : media.consents[content.consent], ...content.items.map(({ name }) => name)].filter((part) => part !== "").join("\n")
    case "document":
      return sharedTitle(content)
    case "deleted":
      return discussion.deleted
    case "retention":
      return discussion.retention(retentionDays)
    default:
      return ""
  }
}

async function picturesOf(engine: Engine, channel: ChannelId, message: Message): Promise<readonly Picture[]> {
  if (message.content.kind !== "media") return []
  const pictures: Picture[] = []
  for (const { index, width, mediaType } of message.content.items) {
    if (width === 0) continue
    const place = { channel, target: { device: message.device, envelope: message.envelope }, index }
    // Without network what came with the message is shown.
    const whole = await engine.ask("openMedia", place).then(({ content }) => content, () => null)
    const bytes = whole ?? (await engine.ask("thumbnail", place).then(({ thumbnail }) => thumbnail, () => null))
    if (bytes !== null) pictures.push(await asJpeg(new Blob([bytes], { type: mediaType })))
  }
  return pictures
}

async function asJpeg(file: Blob): Promise<Picture> {
  const source = await readPicture(file)
  const factor = Math.min(1, pictureSide / Math.max(source.width, source.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.round(source.width * factor)
  canvas.height = Math.round(source.height * factor)
  canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality))
  return { bytes: new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0)), width: canvas.width, height: canvas.height }
}
