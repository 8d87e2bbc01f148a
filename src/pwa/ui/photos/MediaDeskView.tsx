import type { ComponentChildren } from "preact"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { ChannelId, MediaItem, Message } from "../../bridge/models.js"
import { codeOf } from "../i18n/failures.js"
import { MediaDeskContext, useLazy, type Around, type Start } from "./mediaDesk.js"
import { itemsOf, type Outgoing } from "./outgoing.js"
import type { Context } from "./PhotoFlowView.js"

type Props = {
  readonly engine: Engine
  readonly channel: ChannelId
  readonly title: string
  readonly patient: string | null
  readonly onProve: () => Promise<void>
  readonly children: ComponentChildren
}

type Shown = { readonly start: Start; readonly around: Around } | { readonly message: Message; readonly item: MediaItem }

const usualLimit = 40 * 1024 * 1024

/** Everything about photographs, files and voices of one discussion; their screens are fetched when first needed. */
export function MediaDeskView({ engine, channel, title, patient, onProve, children }: Props) {
  const [shown, setShown] = useState<Shown | null>(null)
  const [limitBytes, setLimit] = useState(usualLimit)
  const context = useRef<Context>({ site: "", consent: "" })
  const close = () => setShown(null)
  const proving = useRef(onProve)
  proving.current = onProve
  const desk = useMemo(
    () => ({
      engine,
      channel,
      prove: () => proving.current(),
      open: (message: Message, item: MediaItem) => setShown({ message, item }),
      start: (start: Start, around: Around) => setShown({ start, around }),
    }),
    [engine, channel],
  )
  const start = shown !== null && "start" in shown ? shown.start : null
  const PhotoFlow = useLazy(start?.kind === "camera" || start?.kind === "photos", async () => (await import("./PhotoFlowView.js")).PhotoFlowView)
  const Files = useLazy(start?.kind === "files", async () => (await import("./FilesView.js")).FilesView)
  const Voice = useLazy(start?.kind === "voice", async () => (await import("./VoiceView.js")).VoiceView)
  const Viewer = useLazy(shown !== null && "item" in shown, async () => (await import("./ViewerView.js")).ViewerView)

  useEffect(() => {
    if (start?.kind !== "files") return
    engine.ask("mediaLimit", null).then(
      ({ bytes }) => setLimit(bytes),
      () => undefined,
    )
  }, [start?.kind])

  const send = async (outgoing: readonly Outgoing[], text: string, { site, consent }: Context): Promise<string | null> => {
    if (shown === null || !("around" in shown)) return "unexpected"
    const { replyTo, intent, mentions, onSent } = shown.around
    try {
      const { items, transfer } = await itemsOf(outgoing)
      await engine.ask("sendMedia", { channel, items, text, site, consent, replyTo, intent, mentions }, transfer)
      onSent()
      return null
    } catch (error) {
      return codeOf(error)
    }
  }
  return (
    <MediaDeskContext.Provider value={desk}>
      {children}
      {PhotoFlow !== null && (start?.kind === "camera" || start?.kind === "photos") && (
        <PhotoFlow
          startsWith={start.kind === "camera" ? "camera" : start.files}
          to={title}
          patient={patient}
          context={context.current}
          onSend={(items, text, said) => {
            context.current = said
            return send(items, text, said)
          }}
          onClose={close}
        />
      )}
      {Files !== null && start?.kind === "files" && (
        <Files files={start.files} to={title} limitBytes={limitBytes} onSend={(items, text) => send(items, text, { site: "", consent: "" })} onClose={close} />
      )}
      {Voice !== null && start?.kind === "voice" && <Voice to={title} onSend={(items) => send(items, "", { site: "", consent: "" })} onClose={close} />}
      {Viewer !== null && shown !== null && "item" in shown && (
        <Viewer place={{ engine, channel, message: shown.message }} first={shown.item} onProve={onProve} onClose={close} />
      )}
    </MediaDeskContext.Provider>
  )
}
