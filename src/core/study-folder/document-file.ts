const DOCUMENT_EXTENSION = /\.(?:txt|md|rst|rtf|pdf|html?|xml|docx?|odt|xlsx?|ods|pptx?|log|ini|cfg|ya?ml)$/i

/** True for files named as documents go by. Some systems name DICOM files so too: look into them before passing them over. */
export function isDocumentFile(path: string): boolean {
  return DOCUMENT_EXTENSION.test(path)
}
