/** Where services take the name of a model: members of the top-level object, or fields of a form. */
export const MODEL_NAMES: readonly string[] = ['model', 'model_id']
/** A list of fallbacks (OpenRouter). */
export const MODEL_LIST_NAME = 'models'
