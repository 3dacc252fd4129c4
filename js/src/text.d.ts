/** A module with all that it imports, bundled and minified, as text. */
declare module "*?text" {
  const code: string;
  export default code;
}
