# One image, three commands: the API, the gateway, the worker.
FROM node:24-slim AS build
WORKDIR /comptoir
COPY . .
RUN npm run build

FROM node:24-slim
WORKDIR /comptoir
ENV NODE_ENV=production HOST=0.0.0.0
COPY --from=build /comptoir/package.json ./
COPY --from=build /comptoir/node_modules node_modules
COPY --from=build /comptoir/prisma prisma
# The functions of SQL (libs/*/sql) and the pictures of mails (libs/mail/images).
COPY --from=build /comptoir/libs libs
COPY --from=build /comptoir/dist dist
USER node
CMD ["node", "--no-allocation-site-pretenuring", "--max-semi-space-size=32", "--max-old-space-size=160", "dist/apps/api/src/main.js"]
