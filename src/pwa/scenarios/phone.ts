/**
 * One phone as a process, told what to do on standard input and answering on standard output, a JSON value a line:
 * for tests/twelve, which kills it whenever it likes. Bytes are written as {"bytes": base64url}.
 */
import { createInterface } from "node:readline"
import { EngineFailure } from "../bridge/channel.js"
import type { CommandName, RequestOf } from "../bridge/commands.js"
import type { ChannelId, Message, Target } from "../bridge/models.js"
import { DATABASE } from "../engine/store/schema.js"
import { Device } from "./device.js"
import { Disk } from "./disk.js"
import { Network } from "./network.js"

type Order =
  | { readonly do: "ask"; readonly name: CommandName; readonly request: unknown }
  | { readonly do: "visit"; readonly rpps: string }
  | { readonly do: "network"; readonly isThere: boolean }
  | { readonly do: "state" }
  | { readonly do: "read"; readonly channel: ChannelId }
  | { readonly do: "kept"; readonly channel: ChannelId }
  | { readonly do: "find"; readonly channel: ChannelId; readonly target: Target }

const disk = await Disk.mount(process.argv[2] ?? "")
const network = new Network(disk.cookies(), (cookies) => disk.keepCookies(cookies))
const device = new Device(DATABASE, network)

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case "ask":
      return device.ask(order.name, order.request as RequestOf<CommandName>)
    case "visit":
      return network.visitProvider(order.rpps)
    case "network":
      if (order.isThere) device.comeBack()
      else network.set(false)
      return null
    case "state":
      return { phase: device.phase, discussions: device.discussions.map(({ channel, members }) => ({ channel, members: members.map(({ account }) => account) })) }
    case "read":
      return read(order.channel)
    case "kept":
      await openAnew(order.channel)
      return device.discussion?.retentionDays
    case "find":
      await device.ask("watchDiscussion", { channel: order.channel })
      return (await device.ask("loadAround", { channel: order.channel, target: order.target })).isHere
  }
}

/** Put a discussion on screen, as it is now. */
async function openAnew(channel: ChannelId): Promise<void> {
  device.discussion = null
  await device.open(channel)
}

/** Everything of a discussion, the oldest first, as a person who scrolls up sees it. */
async function read(channel: ChannelId): Promise<unknown> {
  await openAnew(channel)
  await device.ask("loadNewest", { channel })
  const seen = new Set<string>()
  let shown: readonly Message[] = []
  for (;;) {
    const fresh = device.messages.filter((message) => !seen.has(nameOf(message)))
    for (const message of fresh) seen.add(nameOf(message))
    shown = [...fresh, ...shown]
    if (!device.hasOlder) break
    await device.ask("loadOlder", { channel })
  }
  await device.ask("watchDiscussion", { channel: null })
  return shown.map(told)
}

const nameOf = (message: Message): string => `${message.device}:${message.envelope}`

const told = ({ device: by, envelope, offset, author, content, editedAtMs, delivery, failure, sentAtMs }: Message): unknown => ({
  by, envelope, offset, author, kind: content.kind, text: content.kind === "text" || content.kind === "media" ? content.text : "", isEdited: editedAtMs !== null, delivery, failure, at: sentAtMs,
})

const toJson = (_name: string, value: unknown): unknown =>
  value instanceof ArrayBuffer || value instanceof Uint8Array ? { bytes: Buffer.from(value as Uint8Array).toString("base64url") } : value

const fromJson = (_name: string, value: unknown): unknown => {
  const { bytes } = (value ?? {}) as { readonly bytes?: unknown }
  return typeof bytes === "string" ? new Uint8Array(Buffer.from(bytes, "base64url")).buffer : value
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...order } = JSON.parse(line, fromJson) as Order & { readonly id: number }
  const answer = (value: object): void => void process.stdout.write(`${JSON.stringify({ id, ...value }, toJson)}\n`)
  obey(order).then(
    (reply) => answer({ reply: reply ?? null }),
    (error: unknown) => answer({ failure: error instanceof EngineFailure ? error.code : String(error) }),
  )
}
process.exit()
