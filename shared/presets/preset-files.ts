// Made by "node scripts/list-presets.ts" from the files of this folder: do not edit.
import type { Preset } from '../model/preset.ts'
import { AIRTABLE } from './airtable.ts'
import { ANTHROPIC } from './anthropic.ts'
import { ASSEMBLYAI } from './assemblyai.ts'
import { AWS_S3 } from './aws-s3.ts'
import { AZURE_OPENAI } from './azure-openai.ts'
import { BEDROCK } from './bedrock.ts'
import { BRAVE_SEARCH } from './brave-search.ts'
import { CLOUDFLARE_AI } from './cloudflare-ai.ts'
import { COHERE } from './cohere.ts'
import { DEEPGRAM } from './deepgram.ts'
import { DEEPSEEK } from './deepseek.ts'
import { DISCORD } from './discord.ts'
import { ELEVENLABS } from './elevenlabs.ts'
import { FAL } from './fal.ts'
import { FIREWORKS } from './fireworks.ts'
import { GEMINI } from './gemini.ts'
import { GITHUB } from './github.ts'
import { GITLAB } from './gitlab.ts'
import { GMAIL } from './gmail.ts'
import { GOOGLE_SHEETS } from './google-sheets.ts'
import { GRADIO } from './gradio.ts'
import { GROQ } from './groq.ts'
import { HUGGINGFACE } from './huggingface.ts'
import { JAN } from './jan.ts'
import { JIRA } from './jira.ts'
import { LINEAR } from './linear.ts'
import { LLAMACPP } from './llamacpp.ts'
import { LMSTUDIO } from './lmstudio.ts'
import { LOCALAI } from './localai.ts'
import { MISTRAL } from './mistral.ts'
import { MODELSLAB } from './modelslab.ts'
import { NOTION } from './notion.ts'
import { OLLAMA } from './ollama.ts'
import { OPENAI } from './openai.ts'
import { OPENAI_COMPATIBLE } from './openai-compatible.ts'
import { OPENROUTER } from './openrouter.ts'
import { PERPLEXITY } from './perplexity.ts'
import { REPLICATE } from './replicate.ts'
import { RESEND } from './resend.ts'
import { SENDGRID } from './sendgrid.ts'
import { SENTRY } from './sentry.ts'
import { SERPAPI } from './serpapi.ts'
import { SLACK } from './slack.ts'
import { STABILITY } from './stability.ts'
import { STRIPE } from './stripe.ts'
import { SUPABASE } from './supabase.ts'
import { TAVILY } from './tavily.ts'
import { TOGETHER } from './together.ts'
import { TWILIO } from './twilio.ts'
import { VERCEL } from './vercel.ts'
import { VLLM } from './vllm.ts'
import { X_TWITTER } from './x-twitter.ts'
import { XAI } from './xai.ts'

/** The preset of every file of this folder that holds one, by file name. */
export const PRESET_FILES: readonly Preset[] = [
  AIRTABLE,
  ANTHROPIC,
  ASSEMBLYAI,
  AWS_S3,
  AZURE_OPENAI,
  BEDROCK,
  BRAVE_SEARCH,
  CLOUDFLARE_AI,
  COHERE,
  DEEPGRAM,
  DEEPSEEK,
  DISCORD,
  ELEVENLABS,
  FAL,
  FIREWORKS,
  GEMINI,
  GITHUB,
  GITLAB,
  GMAIL,
  GOOGLE_SHEETS,
  GRADIO,
  GROQ,
  HUGGINGFACE,
  JAN,
  JIRA,
  LINEAR,
  LLAMACPP,
  LMSTUDIO,
  LOCALAI,
  MISTRAL,
  MODELSLAB,
  NOTION,
  OLLAMA,
  OPENAI,
  OPENAI_COMPATIBLE,
  OPENROUTER,
  PERPLEXITY,
  REPLICATE,
  RESEND,
  SENDGRID,
  SENTRY,
  SERPAPI,
  SLACK,
  STABILITY,
  STRIPE,
  SUPABASE,
  TAVILY,
  TOGETHER,
  TWILIO,
  VERCEL,
  VLLM,
  X_TWITTER,
  XAI,
]
