import { useRef } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SheetView } from "../components/SheetView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { readyFile, type ReadyFile } from "./readyFile.js"

/** Above whatever asked for a file. */
export function ReadyFileView() {
  const file = readyFile.value
  return file === null ? null : <TakeView key={file.url} file={file} />
}

function TakeView({ file }: { readonly file: ReadyFile }) {
  const { media } = words()
  const task = useTask()
  const link = useRef<HTMLAnchorElement>(null)
  const isPrepared = useRef(file.prepare === null)
  const take = (event: MouseEvent) => {
    if (isPrepared.current) {
      file.end(true)
      return
    }
    // Moments on this device, well within what a browser remembers of a tap: then the link is followed after all.
    event.preventDefault()
    task.run(async () => {
      await file.prepare?.()
      isPrepared.current = true
      link.current?.click()
    })
  }
  return (
    <SheetView title={media.fileReady} onClose={() => file.end(false)}>
      <div class="sheet-form">
        <p>{media.fileExplain}</p>
        {task.failure !== null && <NoticeView tone="attention" text={explainCode(task.failure)} />}
        <a ref={link} class="button button-primary button-wide" href={file.url} download={file.name} onClick={take}>
          <IconView name="download" />
          {media.fileTake}
        </a>
      </div>
    </SheetView>
  )
}
