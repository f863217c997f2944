export { default } from './ReadingRoom.vue'
