/** What the page may ask about photographs, files and voices. */
import type { AccountId, ChannelId, EnvelopeId, Intent, MediaConsent, Target } from "../models.js"

/** The buffers are transferred. */
export type SendMediaItem = {
  readonly content: ArrayBuffer
  readonly mediaType: string
  readonly name: string
  readonly width: number
  readonly height: number
  readonly durationMs: number
  readonly thumbnail: ArrayBuffer
  readonly waveform: ArrayBuffer
}

/** One item of a message that is here or on its way. */
export type MediaPlace = { readonly channel: ChannelId; readonly target: Target; readonly index: number }

export type MediaCommands = {
  sendMedia: {
    request: {
      readonly channel: ChannelId
      readonly items: readonly SendMediaItem[]
      readonly text: string
      readonly site: string
      readonly consent: MediaConsent
      readonly replyTo: Target | null
      readonly mentions: readonly AccountId[]
      readonly intent: Intent
    }
    reply: { readonly envelope: EnvelopeId }
  }
  /** The largest file that can be sent, in bytes. */
  mediaLimit: { request: null; reply: { readonly bytes: number } }
  thumbnail: { request: MediaPlace; reply: { readonly thumbnail: Uint8Array<ArrayBuffer> | null } }
  /** From this device or the server. Refuses with `not_found` when it is over, `bad_blob` when it was altered. */
  openMedia: { request: MediaPlace; reply: { readonly content: Uint8Array<ArrayBuffer> } }
  /** To leave the app: only just after signing in, and written in the account's activity. Refuses with `fresh_sign_in_needed`. */
  releaseMedia: { request: MediaPlace; reply: { readonly content: Uint8Array<ArrayBuffer> } }
}
