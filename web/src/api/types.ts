// Shapes of the API's answers as the panel uses them. Ids of Discord are always strings.

/** `GET /api/auth/me`. */
export interface Me {
  user: string
  /** Snowflake, or a word such as `legacy_user` for logins without a Discord account. */
  discord_id: string
  role: string
  role_name: string | null
  permissions: string[]
  auth_type: string
  avatar_url: string | null
}

export interface LoginAnswer {
  token: string
  user: string
  role: string
  permissions: string[]
}

export type TicketStatus = 'Open' | 'Claimed' | 'Closed'

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]

export interface TicketPerson {
  user_id: string
  name: string | null
  avatar: string | null
}

/** A ticket that closes by itself unless somebody objects. */
export interface CloseRequest {
  /** Nobody for an inactive ticket. */
  asked_by: string | null
  asked_by_name: string | null
  asked_at: string
  closes_at: string
}

export interface TicketNote {
  id: number
  author_id: string | null
  author_name: string
  text: string
  created_at: string
  deletable: boolean
}

export interface CannedReply {
  name: string
  text: string
}

export interface TicketRating {
  stars: number | null
  comment: string | null
  rated_at: string | null
}

export interface TicketFigures {
  opened: number
  closed: number
  first_answer_seconds: number | null
  close_seconds: number | null
  ratings: number
  stars: number | null
}

export interface TicketStats {
  days: number
  all: TicketFigures
  types: ({ type: string } & TicketFigures)[]
  people: (TicketPerson & TicketFigures)[]
}

export interface Ticket {
  ticket_id: string
  /** Running number from 1, the one people say aloud. */
  ticket_num: number
  channel_id: string | null
  user_id: string | null
  username: string
  display_name: string
  avatar_url: string | null
  type: string
  status: TicketStatus
  created_at: string | null
  closed_at: string | null
  claimed_by: string | null
  claimed_by_name: string | null
  claimed_by_avatar?: string | null
  assigned_to: string | null
  assigned_to_name: string | null
  assigned_to_avatar?: string | null
  initial_message?: string | null
  reopen_count?: number
  priority?: Priority
  /** Staff only; empty for everybody else. */
  tags?: string[]
  participants?: TicketPerson[]
  close_request?: CloseRequest | null
}

export interface TicketMessage {
  id: string
  author_id: string
  author_name: string
  author_avatar?: string | null
  /** Discord's text, the relay prefix included. */
  content: string
  /** Text without the prefix; present in the answer to sending and in its broadcast. */
  display_content?: string
  timestamp: string
  is_bot?: boolean
  is_admin?: boolean
  role?: 'admin' | 'moderator' | null
  /** Its files; their addresses are lines of `content` too. */
  attachments?: TicketFile[]
}

export type FileState =
  'waiting' | 'copying' | 'stored' | 'too_large' | 'full' | 'gone' | 'failed' | 'withdrawn' | 'removed'

export interface TicketFile {
  id: string
  name: string
  /** Bytes. */
  size: number
  /** What the server found it to be. */
  content_type: string
  /** Discord's address, which stops working after a day. */
  url: string
  state: FileState
  /** Path of the copy in the API, while there is one. */
  path?: string
}

/** A stretch of a found message, to be shown as text. */
export interface SnippetPiece {
  text: string
  hit: boolean
}

export interface FoundMessage {
  id: string
  author_name: string
  snippet: SnippetPiece[]
}

export interface FoundTicket {
  ticket: Ticket
  /** Newest first; none if the ticket was found by its number. */
  messages: FoundMessage[]
}

export interface FoundPage {
  results: FoundTicket[]
  /** `before` of the next page, or null after the last. */
  next: string | null
}

/** Either subject and description, or the answers to the type's own questions in their order. */
export type NewTicket =
  { type: string; subject: string; description: string } | { type: string; answers: string[] }

export const QUESTION_KINDS = ['short', 'paragraph', 'choice'] as const
export type QuestionKind = (typeof QUESTION_KINDS)[number]

export interface TicketQuestion {
  label: string
  hint?: string
  kind: QuestionKind
  required: boolean
  max_length?: number
  choices?: string[]
}

/** A type of tickets as members see it. */
export interface OpenTicketType {
  name: string
  emoji: string | null
  description: string | null
  questions: TicketQuestion[]
  /** Whether its hours let anybody open one now. */
  open: boolean
  opens_at: string | null
}

/** Wall-clock times of a named zone; days from 1 (Monday) to 7. */
export interface TypeHours {
  from: string
  until: string
  days: number[]
  zone: string
}

export const PINGS = ['default', 'roles', 'nobody'] as const

/** A type of tickets with all that staff set for it. */
export interface TicketType {
  name: string
  emoji?: string
  description?: string
  category_id?: string
  staff_role_ids: string[]
  ping: (typeof PINGS)[number]
  max_open?: number
  cooldown_minutes?: number
  hours?: TypeHours
  name_pattern?: string
  questions: TicketQuestion[]
  greeting?: string
}

export const PANEL_STYLES = ['buttons', 'menu'] as const

export interface NewTicketPanel {
  channel_id: string
  title: string
  text: string
  style: (typeof PANEL_STYLES)[number]
  /** None means all types, also those to come. */
  types: string[]
}

/** A message in Discord from which members open tickets. */
export interface TicketPanel extends NewTicketPanel {
  id: string
  /** `null` while it does not stand in Discord. */
  link: string | null
  /** Why it does not stand as it should, in the guild's language. */
  problem: string | null
}

export interface GuildChannel {
  id: string
  name: string
  category: string | null
  position: number
  type: 'text' | 'category'
}

export interface GuildRole {
  id: string
  name: string
  /** 0xRRGGBB; 0 is none. */
  color: number
  position: number
  mentionable: boolean
}

export interface NewTicketAnswer {
  ticket_id: string
  ticket_num: number
  message: string
}

export type CogStatus = 'loaded' | 'unloaded' | 'disabled' | 'error'

export interface Cog {
  name: string
  file_name?: string
  status: CogStatus
  description?: string
  icon?: string
  category?: string
  features?: string[]
  can_load?: boolean
  can_unload?: boolean
  can_reload?: boolean
  can_view_logs?: boolean
  error_message?: string
}

export interface CogList {
  cogs: Cog[]
  total: number
  loaded_count: number
  disabled_count: number
}

export interface CogLogLine {
  timestamp: string
  level: string
  cog?: string
  message: string
}

export interface HealthCheck {
  status: string
  message?: string
  [detail: string]: unknown
}

/** `GET /api/health?detailed=true`; answered with 503 when the state is not `ok`. */
export interface Health {
  status: string
  service: string
  version: string
  environment: string
  timestamp: string
  checks?: Record<string, HealthCheck>
}

/** Payload of the socket event `ticket_update`. */
export interface TicketUpdate {
  ticket_id: string
  event_type: string
  data: Record<string, unknown>
  timestamp: string
}
