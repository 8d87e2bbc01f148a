import { useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { ChannelId, MediaItem, Message } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { codeOf, explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { durationText, sizeText } from "./durations.js"
import { kindOf, safeType } from "./kinds.js"
import { useThumbnail } from "./thumbnails.js"
import "./media.css"

export type MediaPlace = { readonly engine: Engine; readonly channel: ChannelId; readonly message: Message }
type Props = { readonly place: MediaPlace; readonly onOpen: (item: MediaItem) => void }

/** What a message shows of its photographs, files or voice; a small picture at once, the rest when it is asked for. */
export function MediaView({ place, onOpen }: Props) {
  const { content } = place.message
  if (content.kind !== "media") return null
  const pictures = content.items.filter((item) => kindOf(item) === "picture")
  const others = content.items.filter((item) => kindOf(item) !== "picture")
  const text = words().media
  const context = [content.site, content.consent === "" ? "" : text.consents[content.consent]].filter((part) => part !== "").join(" · ")
  return (
    <div class="media">
      {pictures.length > 0 && (
        <div class={`media-grid media-grid-${Math.min(4, pictures.length)}`}>
          {pictures.map((item, index) => (
            <PictureView key={item.blob} place={place} item={item} label={text.openPhoto(index + 1, pictures.length)} onOpen={() => onOpen(item)} />
          ))}
        </div>
      )}
      {others.map((item) =>
        kindOf(item) === "voice" ? (
          <VoiceItemView key={item.blob} place={place} item={item} />
        ) : (
          <button type="button" class="media-file" key={item.blob} onClick={() => onOpen(item)}>
            <IconView name="file" />
            <span class="row-body">
              <span class="row-title clamp-2">{item.name === "" ? text.file : item.name}</span>
              <span class="row-line">{sizeText(item.bytes)}</span>
            </span>
          </button>
        ),
      )}
      {content.progress !== null && (
        <p class="media-progress" role="status">
          <progress max={1} value={content.progress} aria-label={text.sending} />
          {text.sendingShare(Math.floor(content.progress * 100))}
        </p>
      )}
      {context !== "" && <p class="media-context">{context}</p>}
    </div>
  )
}

function PictureView({ place, item, label, onOpen }: { readonly place: MediaPlace; readonly item: MediaItem; readonly label: string; readonly onOpen: () => void }) {
  const url = useThumbnail(place, item)
  const ratio = Math.min(1.8, Math.max(0.6, item.width / Math.max(1, item.height)))
  return (
    <button type="button" class="media-picture" aria-label={label} style={{ aspectRatio: String(ratio) }} onClick={onOpen}>
      {url === null ? <IconView name="gallery" /> : <img src={url} alt="" decoding="async" draggable={false} onContextMenu={(event) => event.preventDefault()} />}
    </button>
  )
}

/** Played where it stands; nothing but this page can play it. */
function VoiceItemView({ place, item }: { readonly place: MediaPlace; readonly item: MediaItem }) {
  const text = words().media
  const [url, setUrl] = useState<string | null>(null)
  const [state, setState] = useState("idle")
  const load = async () => {
    setState("loading")
    try {
      const { content } = await place.engine.ask("openMedia", { channel: place.channel, target: place.message, index: item.index })
      setUrl(URL.createObjectURL(new Blob([content], { type: safeType(item) })))
      setState("idle")
    } catch (error) {
      setState(codeOf(error))
    }
  }
  return (
    <div class="media-voice">
      {url === null ? (
        <button type="button" class="icon-button" aria-label={text.play(durationText(item.durationMs))} disabled={state === "loading"} onClick={() => void load()}>
          {state === "loading" ? <span class="spinner" /> : <IconView name="play" />}
        </button>
      ) : (
        <audio src={url} controls autoPlay controlsList="nodownload noplaybackrate" onContextMenu={(event) => event.preventDefault()} aria-label={text.voice} />
      )}
      {url === null && (
        <>
          <span class="media-wave" aria-hidden="true">
            {item.waveform.map((level, index) => (
              <span key={index} style={{ height: `${12 + (level / 255) * 88}%` }} />
            ))}
          </span>
          <span class="time">{durationText(item.durationMs)}</span>
        </>
      )}
      {state !== "idle" && state !== "loading" && <p class="field-error">{explainCode(state)}</p>}
    </div>
  )
}
