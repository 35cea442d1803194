// Types of what the build adds: precompiled messages and the panel's version.
declare module 'virtual:messages/*' {
  const messages: Record<string, unknown>
  export default messages
}
