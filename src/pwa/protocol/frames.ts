/**
 * Every frame of `lien.v1`, named and ordered as in docs/protocol.md. The mirror of lien.protocol.frames.
 * Ids are plain text here: what they are the id of is for the engine to brand.
 */

export type Cursor = { readonly channel: string; readonly incarnation: number; readonly offset: number }
export type ChannelState = {
  readonly channel: string
  readonly incarnation: number
  readonly head: number
  /** Entries up to here were pushed; below `head`, ask again from here. */
  readonly next: number
}
/** 1 delivered, 2 read. */
export type Level = 1 | 2
/** 1 slow reader, 2 feed gap. */
export type BehindReason = 1 | 2

export type Hello = { readonly kind: "Hello"; readonly ref: number; readonly proof: Uint8Array; readonly client: string }
export type Send = { readonly kind: "Send"; readonly ref: number; readonly header: Uint8Array; readonly sealed: Uint8Array }
export type Resume = { readonly kind: "Resume"; readonly ref: number; readonly cursors: readonly Cursor[] }
export type Ack = {
  readonly kind: "Ack"
  readonly ref: number
  readonly channel: string
  readonly incarnation: number
  readonly offset: number
  readonly level: Level
}
export type Typing = { readonly kind: "Typing"; readonly ref: number; readonly channel: string }
export type Ping = { readonly kind: "Ping"; readonly ref: number }

export type Ok = { readonly kind: "Ok"; readonly ref: number }
export type Welcome = {
  readonly kind: "Welcome"
  readonly ref: number
  readonly account: string
  readonly device: string
  readonly serverAtMs: number
  readonly sessionEndsAtMs: number
}
export type Accepted = {
  readonly kind: "Accepted"
  readonly ref: number
  readonly incarnation: number
  readonly offset: number
  readonly atMs: number
}
export type Resumed = { readonly kind: "Resumed"; readonly ref: number; readonly states: readonly ChannelState[] }
export type Failed = { readonly kind: "Failed"; readonly ref: number; readonly code: string; readonly retryAfterMs: number }

export type Challenge = { readonly kind: "Challenge"; readonly nonce: Uint8Array; readonly serverAtMs: number }
export type Entry = {
  readonly kind: "Entry"
  readonly channel: string
  readonly incarnation: number
  readonly offset: number
  readonly atMs: number
  readonly header: Uint8Array
  readonly sealed: Uint8Array
}
export type Receipt = {
  readonly kind: "Receipt"
  readonly channel: string
  readonly account: string
  readonly level: Level
  readonly offset: number
}
export type Typed = { readonly kind: "Typed"; readonly channel: string; readonly account: string }
export type Gap = {
  readonly kind: "Gap"
  readonly channel: string
  readonly incarnation: number
  readonly fromOffset: number
  readonly toOffset: number
}
export type Reset = { readonly kind: "Reset"; readonly channel: string; readonly incarnation: number; readonly offset: number }
export type Behind = { readonly kind: "Behind"; readonly reason: BehindReason }
export type Drain = { readonly kind: "Drain"; readonly withinMs: number }

export type Command = Hello | Send | Resume | Ack | Typing | Ping
export type Reply = Ok | Welcome | Accepted | Resumed | Failed
export type Push = Challenge | Entry | Receipt | Typed | Gap | Reset | Behind | Drain
export type Event = Reply | Push
