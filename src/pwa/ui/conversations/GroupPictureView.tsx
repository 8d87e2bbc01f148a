/** The picture of a group: chosen, moved in its round, taken away. */
import { useEffect, useRef, useState } from "preact/hooks"
import { NoticeView } from "../components/NoticeView.js"
import { SheetView } from "../components/SheetView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { readPicture } from "../photos/picture.js"
import { drawPart, encodePart, type Part } from "./roundPicture.js"

type Props = { readonly hasPicture: boolean; readonly onPicture: (picture: ArrayBuffer) => Promise<void>; readonly onClose: () => void }

const middle: Part = { zoom: 1, x: 0.5, y: 0.5 }
const moves = [
  ["zoom", 1, 4],
  ["x", 0, 1],
  ["y", 0, 1],
] as const

export function GroupPictureView({ hasPicture, onPicture, onClose }: Props) {
  const text = words().groupPicture
  const task = useTask()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [picture, setPicture] = useState<HTMLCanvasElement | null>(null)
  const [isUnreadable, setUnreadable] = useState(false)
  const [part, setPart] = useState(middle)
  useEffect(() => {
    if (canvas.current !== null && picture !== null) drawPart(canvas.current, picture, part)
  }, [picture, part])
  const choose = (file: File | undefined) => {
    if (file === undefined) return
    setUnreadable(false)
    setPart(middle)
    readPicture(file).then(setPicture, () => setUnreadable(true))
  }
  const send = (make: () => Promise<ArrayBuffer>) =>
    task.run(async () => {
      await onPicture(await make())
      onClose()
    })
  return (
    <SheetView title={text.title} onClose={onClose}>
      <div class="sheet-form">
        <p>{text.explain}</p>
        {picture !== null && (
          <>
            <canvas ref={canvas} class="round-picture" role="img" aria-label={text.preview} />
            {moves.map(([name, min, max]) => (
              <label key={name} class="field">
                <span class="field-label">{text.moves[name]}</span>
                <input class="slider" type="range" min={min} max={max} step={0.01} value={part[name]} onInput={(event) => setPart({ ...part, [name]: Number(event.currentTarget.value) })} />
              </label>
            ))}
          </>
        )}
        {isUnreadable && <NoticeView tone="attention" text={text.unreadable} />}
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
        <label class={`button button-wide choose-picture ${picture === null ? "button-primary" : "button-outline"}`}>
          {picture === null ? text.choose : text.chooseOther}
          <input class="visually-hidden" type="file" accept="image/*" onChange={(event) => choose(event.currentTarget.files?.[0])} />
        </label>
        {picture !== null && (
          <button type="button" class="button button-primary button-wide" disabled={task.isRunning} onClick={() => send(() => (canvas.current === null ? Promise.reject(new Error()) : encodePart(canvas.current)))}>
            {text.use}
          </button>
        )}
        {hasPicture && (
          <button type="button" class="button button-quiet button-wide" disabled={task.isRunning} onClick={() => send(() => Promise.resolve(new ArrayBuffer(0)))}>
            {text.remove}
          </button>
        )}
      </div>
    </SheetView>
  )
}
