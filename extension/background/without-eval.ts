import * as z from 'zod/mini'

// zod would try to build code from strings, which our CSP refuses and the console would report.
z.config({ jitless: true })
