import { IconView } from "../components/IconView.js"
import { SheetView } from "../components/SheetView.js"
import { words } from "../i18n/language.js"
import { readyFile, type ReadyFile } from "./readyFile.js"

/** Above whatever asked for a file. */
export function ReadyFileView() {
  const file = readyFile.value
  return file === null ? null : <TakeView key={file.url} file={file} />
}

function TakeView({ file }: { readonly file: ReadyFile }) {
  const { media } = words()
  return (
    <SheetView title={media.fileReady} onClose={() => file.end(false)}>
      <div class="sheet-form">
        <p>{media.fileExplain}</p>
        <a class="button button-primary button-wide" href={file.url} download={file.name} onClick={() => file.end(true)}>
          <IconView name="download" />
          {media.fileTake}
        </a>
      </div>
    </SheetView>
  )
}
