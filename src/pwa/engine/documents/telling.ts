/** What the pages are told about documents, unasked. */
import type { DocumentCard, ShownIdentity } from "../../bridge/documents.js"
import type { Pages } from "../pages.js"
import type { Publisher } from "../publisher.js"
import type { Documents, DocumentsOwner } from "./service.js"

export class DocumentTeller implements DocumentsOwner {
  constructor(
    private readonly pages: Pages,
    private readonly publisher: Publisher,
    /** Null or undefined unless the store is open. */
    private readonly desk: () => { readonly documents: Documents } | null | undefined,
  ) {}

  onDocuments(): void {
    this.publisher.request("documents", () => void this.tell())
  }

  onDocumentArrived(card: DocumentCard, identity: ShownIdentity): void {
    if (this.desk() != null) this.pages.tellAll({ kind: "document-arrived", card, identity })
  }

  private async tell(): Promise<void> {
    const documents = await this.desk()?.documents.state().catch(() => undefined)
    // The store may have been closed meanwhile.
    if (documents !== undefined && this.desk() != null) this.pages.tellAll({ kind: "documents", documents })
  }
}
