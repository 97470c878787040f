/** The address of what pdf.js reads beside its code, relative to the app's base (build/pdf-parts.ts). */
declare module 'virtual:pdf-parts' {
  const path: string;
  export default path;
}
