import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { words } from "../i18n/language.js"
import { blockOf, blur, copied, cut, drawArrow, fieldOf, turned, type Area, type Canvas, type Point } from "./picture.js"

export type Tool = "none" | "crop" | "blur" | "arrow"

type Props = {
  readonly picture: Canvas
  readonly onChange: (picture: Canvas) => void
  readonly onUndo: (() => void) | null
  readonly onRetake: (() => void) | null
  readonly onTool: (tool: Tool) => void
}

const whole = ({ width, height }: Canvas): Area => ({ x: 0, y: 0, width, height })

/** One photograph under the finger. What is dragged has buttons that do the same. */
export function EditorView({ picture, onChange, onUndo, onRetake, onTool }: Props) {
  const text = words().media
  const shown = useRef<HTMLCanvasElement>(null)
  const draft = useRef<Canvas | null>(null)
  const start = useRef<Point | null>(null)
  const [tool, setTool] = useState<Tool>("none")
  const [area, setArea] = useState<Area>(whole(picture))

  const paint = (source: Canvas) => {
    const canvas = shown.current
    if (canvas === null) return
    canvas.width = source.width
    canvas.height = source.height
    canvas.getContext("2d")?.drawImage(source, 0, 0)
  }
  useLayoutEffect(() => paint(picture), [picture])
  useEffect(() => setArea(whole(picture)), [picture])

  const use = (next: Tool) => {
    setArea(whole(picture))
    setTool(next)
    onTool(next)
  }
  const pointOf = (event: PointerEvent): Point => {
    const box = shown.current?.getBoundingClientRect()
    if (box === undefined) return { x: 0, y: 0 }
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
    return { x: Math.min(1, Math.max(0, x)) * picture.width, y: Math.min(1, Math.max(0, y)) * picture.height }
  }
  const smudge = (at: Point) => {
    const size = blockOf(picture) * 1.6
    if (draft.current !== null) blur(draft.current, { x: at.x - size / 2, y: at.y - size / 2, width: size, height: size }, picture)
  }
  const onDown = (event: PointerEvent) => {
    if (tool === "none") return
    shown.current?.setPointerCapture(event.pointerId)
    start.current = pointOf(event)
    draft.current = copied(picture)
    if (tool === "blur") onMove(event)
  }
  const onMove = (event: PointerEvent) => {
    const from = start.current
    if (from === null || draft.current === null) return
    const at = pointOf(event)
    if (tool === "crop") {
      setArea({ x: Math.min(from.x, at.x), y: Math.min(from.y, at.y), width: Math.abs(at.x - from.x), height: Math.abs(at.y - from.y) })
      return
    }
    if (tool === "arrow") {
      draft.current = copied(picture)
      drawArrow(draft.current, from, at)
    } else smudge(at)
    paint(draft.current)
  }
  const onUp = (event: PointerEvent) => {
    const [from, drawn] = [start.current, draft.current]
    start.current = draft.current = null
    if (from === null || drawn === null) return
    const at = pointOf(event)
    if (tool === "crop") {
      // A tap is no rectangle.
      if (Math.abs(at.x - from.x) < 24 || Math.abs(at.y - from.y) < 24) setArea(whole(picture))
    } else if (tool === "blur" || Math.hypot(at.x - from.x, at.y - from.y) > 24) onChange(drawn)
    else paint(picture)
  }
  const inField = (index: number) => {
    const next = copied(picture)
    const field = fieldOf(picture, index)
    if (tool === "blur") blur(next, field, picture)
    else {
      const to = { x: field.x + field.width / 2, y: field.y + field.height / 2 }
      const length = Math.min(picture.width, picture.height) / 4
      drawArrow(next, { x: to.x + (index % 3 === 0 ? length : -length), y: to.y + (index > 5 ? -length : length) }, to)
    }
    onChange(next)
  }
  const percent = (value: number, of: number) => `${(100 * value) / of}%`
  return (
    <div class="editor">
      <div class="editor-stage">
        <div class="editor-frame" style={{ aspectRatio: `${picture.width} / ${picture.height}`, "--ratio": picture.width / picture.height }}>
          <canvas
            ref={shown}
            class={tool === "none" ? "editor-canvas" : "editor-canvas is-tool"}
            role="img"
            aria-label={text.photo}
            onPointerDown={onDown}
            onPointerMove={onMove}
            onPointerUp={onUp}
            onPointerCancel={onUp}
          />
          {tool === "crop" && (
            <div
              class="editor-crop"
              aria-hidden="true"
              style={{
                left: percent(area.x, picture.width),
                top: percent(area.y, picture.height),
                width: percent(area.width, picture.width),
                height: percent(area.height, picture.height),
              }}
            />
          )}
        </div>
      </div>
      {tool === "none" ? (
        <div class="editor-tools" role="toolbar" aria-label={text.tools}>
          <ToolView icon="crop" label={text.crop} onUse={() => use("crop")} />
          <ToolView icon="turn" label={text.turn} onUse={() => onChange(turned(picture))} />
          <ToolView icon="blur" label={text.blur} onUse={() => use("blur")} />
          <ToolView icon="arrow" label={text.arrow} onUse={() => use("arrow")} />
          {onRetake !== null && <ToolView icon="retake" label={text.retake} onUse={onRetake} />}
          {onUndo !== null && <ToolView icon="undo" label={text.undo} onUse={onUndo} />}
        </div>
      ) : (
        <div class="editor-tool">
          <p>{text.hints[tool]}</p>
          {tool === "crop" ? <CropTwinView picture={picture} area={area} onArea={setArea} /> : <FieldsView tool={tool} onField={inField} />}
          <div class="editor-actions">
            {onUndo !== null && tool !== "crop" && (
              <button type="button" class="button button-outline" onClick={onUndo}>
                {text.undo}
              </button>
            )}
            {tool === "crop" && (
              <button type="button" class="button button-outline" onClick={() => use("none")}>
                {words().app.cancel}
              </button>
            )}
            <button
              type="button"
              class="button button-primary"
              onClick={() => {
                if (tool === "crop" && area.width >= 24 && area.height >= 24) onChange(cut(picture, area))
                use("none")
              }}
            >
              {tool === "crop" ? text.crop : text.done}
            </button>
          </div>
        </div>
      )}
    </div>
  )
}

function ToolView({ icon, label, onUse }: { readonly icon: IconName; readonly label: string; readonly onUse: () => void }) {
  return (
    <button type="button" class="editor-button" onClick={onUse}>
      <IconView name={icon} />
      {label}
    </button>
  )
}

/** Where the finger would go, as nine buttons. */
function FieldsView({ tool, onField }: { readonly tool: "blur" | "arrow"; readonly onField: (index: number) => void }) {
  const text = words().media
  return (
    <details class="editor-twin">
      <summary>{text.withoutDragging}</summary>
      <div class="editor-fields" role="group" aria-label={tool === "blur" ? text.blurWhere : text.arrowWhere}>
        {text.fields.map((field, index) => (
          <button type="button" class="editor-field" key={field} onClick={() => onField(index)}>
            {field}
          </button>
        ))}
      </div>
    </details>
  )
}

function CropTwinView({ picture, area, onArea }: { readonly picture: Canvas; readonly area: Area; readonly onArea: (area: Area) => void }) {
  const text = words().media
  const { width, height } = picture
  const right = width - area.x - area.width
  const bottom = height - area.y - area.height
  const share = (value: number, of: number) => Math.round((100 * value) / of)
  const edges: readonly (readonly [string, number, (value: number) => Area])[] = [
    [text.edges.left, share(area.x, width), (value) => ({ ...area, x: (value * width) / 100, width: width - right - (value * width) / 100 })],
    [text.edges.right, share(right, width), (value) => ({ ...area, width: width - area.x - (value * width) / 100 })],
    [text.edges.top, share(area.y, height), (value) => ({ ...area, y: (value * height) / 100, height: height - bottom - (value * height) / 100 })],
    [text.edges.bottom, share(bottom, height), (value) => ({ ...area, height: height - area.y - (value * height) / 100 })],
  ]
  return (
    <details class="editor-twin">
      <summary>{text.withoutDragging}</summary>
      {edges.map(([label, value, change]) => (
        <label class="editor-edge" key={label}>
          <span>{label}</span>
          <input
            type="range"
            min={0}
            max={90}
            value={value}
            onInput={(event) => {
              const next = change(Number(event.currentTarget.value))
              if (next.width >= 24 && next.height >= 24) onArea(next)
            }}
          />
        </label>
      ))}
    </details>
  )
}
